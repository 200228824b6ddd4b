package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.agent.FairleadAgent;
import dev.fairlead.agent.upstream.ApiServer;
import dev.fairlead.api.ClusterName;
import dev.fairlead.api.ClusterStatus;
import dev.fairlead.api.FairleadException;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.TlsMaterial;
import dev.fairlead.pki.AgentCredentials;
import dev.fairlead.pki.AgentKeys;
import dev.fairlead.pki.CertificatePin;
import dev.fairlead.testkit.TestAuthority;
import dev.fairlead.testkit.raw.RawClient;
import dev.fairlead.testkit.raw.RawHttp2Client;
import dev.fairlead.transport.grpc.GrpcTransport;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.GZIPOutputStream;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequestBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Agents that are none, or ask for more than is theirs. The numbers are those of the table in
 * docs/security.md.
 */
@ExtendWith(SharedControlPlane.class)
@TestInstance(Lifecycle.PER_CLASS)
class RefusedAgentsIT {

  private static final String UNAUTHENTICATED = "grpc-status: 16\n";
  private static final String UNIMPLEMENTED = "grpc-status: 12\n";
  private static final int BOMB = 50_000_000;
  private static final String RESOURCE_EXHAUSTED = "grpc-status: 8\n";
  private static final int CLIENTS = 40;
  private static final int GUESSES = 25;

  private static final List<String> GRPC =
      List.of("content-type: application/grpc", "te: trailers");

  private final AgentKeys keys = AgentKeys.inMemory(new SecureRandom());
  private RefusalSite site;

  @BeforeAll
  void start(ControlPlane plane) throws InterruptedException {
    site = new RefusalSite(plane);
  }

  @AfterAll
  void stop() {
    site.close();
  }

  private static byte[] framed(boolean compressed, byte[] message) throws Exception {
    ByteArrayOutputStream framed = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(framed);
    out.writeByte(compressed ? 1 : 0);
    out.writeInt(message.length);
    out.write(message);
    return framed.toByteArray();
  }

  /** Calls the agents' door without a certificate. */
  private String call(String method, boolean compressed, byte[] message) throws Exception {
    byte[] body = framed(compressed, message);
    List<String> fields = new ArrayList<>(GRPC);
    if (compressed) {
      fields.add("grpc-encoding: gzip");
    }
    try (RawHttp2Client client = agentsDoor()) {
      return call(client, 1, method, fields, body);
    }
  }

  private RawHttp2Client agentsDoor() throws Exception {
    return RawHttp2Client.connect(site.hub.caCertificate(), site.agentPort());
  }

  private static String call(
      RawHttp2Client client, int stream, String method, List<String> fields, byte[] body)
      throws Exception {
    client.frame(
        RawHttp2Client.HEADERS,
        RawHttp2Client.END_HEADERS,
        stream,
        Wire.block("POST", "/fairlead.agent.v1.AgentService/" + method, "localhost", fields));
    int most = 16_000;
    for (int at = 0; at < body.length; at += most) {
      int end = Math.min(body.length, at + most);
      client.frame(
          RawHttp2Client.DATA,
          end == body.length ? RawHttp2Client.END_STREAM : 0,
          stream,
          java.util.Arrays.copyOfRange(body, at, end));
    }
    return client.response(stream);
  }

  private byte[] enrolment(String token) {
    return field(1, token.getBytes(StandardCharsets.US_ASCII), keys.csr(keys.newKeyPair()));
  }

  /** Fields of bytes in a message of protobuf, the first with a given number. */
  private static byte[] field(int number, byte[]... values) {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    for (byte[] value : values) {
      message.write(number++ << 3 | 2);
      int length = value.length;
      for (; length >= 128; length >>= 7) {
        message.write(length & 127 | 128);
      }
      message.write(length);
      message.writeBytes(value);
    }
    return message.toByteArray();
  }

  @Test
  void row23BombIsNotUnpacked() throws Exception {
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bomb)) {
      gzip.write(new byte[BOMB]);
    }
    assertThat(call("Enrol", true, bomb.toByteArray())).contains(UNIMPLEMENTED);
    site.marker("row-23");
  }

  @Test
  void row23MessageThatIsTooLongIsNotTaken() throws Exception {
    // gRPC resets the stream, or says why before it is through with that: RESOURCE_EXHAUSTED.
    assertThat(call("Enrol", false, new byte[200_000]))
        .containsPattern("reset$|grpc-status: 8\n")
        .doesNotContain("grpc-status: 0");
    site.marker("row-23");
  }

  @Test
  void row25NobodyEnrolsWithoutATokenOfTheirOwn() throws Exception {
    String used = issue("spare");
    assertThat(call("Enrol", false, enrolment(used))).contains("grpc-status: 0\n");
    String late =
        site.hub
            .fleet()
            .issueInstallToken(ClusterName.of("spare"), Map.of(), Duration.ofNanos(1))
            .token()
            .reveal();
    String revoked = issue("spare");
    site.hub.fleet().installTokens().stream()
        .filter(info -> revoked.contains(info.id()))
        .forEach(info -> site.hub.fleet().revokeInstallToken(info.id()));
    for (String token :
        List.of(used, late, revoked, revoked.substring(0, revoked.length() - 3) + "xyz")) {
      assertThat(call("Enrol", false, enrolment(token))).contains(UNAUTHENTICATED);
    }
    for (String token : List.of("", "fli_made_up", revoked + "x", User.ALICE.token())) {
      assertThat(call("Enrol", false, enrolment(token)))
          .contains("grpc-status: 3\n", "expected: fli_")
          .doesNotContain(User.ALICE.token());
    }
    assertThat(call("Renew", false, field(1, keys.csr(keys.newKeyPair()))))
        .contains(UNAUTHENTICATED);
    assertThat(call("Tunnel", false, field(1, new byte[] {1}))).contains(UNAUTHENTICATED);
    assertThat(site.hub.cluster("real").status()).isEqualTo(ClusterStatus.CONNECTED);
    site.marker("row-25");
  }

  @Test
  void row25OfAThousandEnrolmentsWithOneTokenOneSucceeds() throws Exception {
    byte[] enrolment = framed(false, enrolment(issue("spare")));
    ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    try {
      List<Callable<Integer>> clients =
          Collections.nCopies(CLIENTS, () -> enrolmentsThatSucceed(enrolment));
      int succeeded = 0;
      for (Future<Integer> client : threads.invokeAll(clients)) {
        succeeded += client.get();
      }
      assertThat(succeeded).isEqualTo(1);
    } finally {
      threads.shutdownNow();
    }
    site.marker("row-25");
  }

  private int enrolmentsThatSucceed(byte[] enrolment) throws Exception {
    int succeeded = 0;
    try (RawHttp2Client client = agentsDoor()) {
      for (int i = 0; i < GUESSES; i++) {
        String answer = call(client, 2 * i + 1, "Enrol", GRPC, enrolment);
        // Beyond what goes on at once it is refused for that, which keeps the token.
        assertThat(answer).containsAnyOf("grpc-status: 0\n", UNAUTHENTICATED, RESOURCE_EXHAUSTED);
        succeeded += answer.contains("grpc-status: 0\n") ? 1 : 0;
      }
    }
    return succeeded;
  }

  private String issue(String cluster) {
    return site.hub.fleet().issueInstallToken(ClusterName.of(cluster)).token().reveal();
  }

  @Test
  void row26WhatARequestAsksForBesideAKeyIsIgnored() throws Exception {
    KeyPair pair = keys.newKeyPair();
    ExtensionsGenerator wishes = new ExtensionsGenerator();
    wishes.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
    wishes.addExtension(
        Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
    X509Certificate issued = enrolled(pair, "CN=real,O=system:masters", wishes.generate());
    assertThat(issued.getBasicConstraints()).isEqualTo(-1);
    assertThat(issued.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
    assertThat(issued.getSubjectX500Principal().getName())
        .contains("spare")
        .doesNotContain("real", "system:masters");

    KeyPairGenerator weak = KeyPairGenerator.getInstance("RSA");
    weak.initialize(1_024);
    KeyPair short1024 = weak.generateKeyPair();
    assertThatThrownBy(() -> enrolled(short1024, "CN=spare", null))
        .isInstanceOf(InvalidException.class);
  }

  private X509Certificate enrolled(KeyPair pair, String subject, @Nullable Extensions wishes)
      throws Exception {
    PKCS10CertificationRequestBuilder request =
        new JcaPKCS10CertificationRequestBuilder(new X500Principal(subject), pair.getPublic());
    if (wishes != null) {
      request.addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, wishes);
    }
    String algorithm =
        pair.getPublic().getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
    return enrolled(
            request
                .build(new JcaContentSignerBuilder(algorithm).build(pair.getPrivate()))
                .getEncoded())
        .get(0);
  }

  private List<X509Certificate> enrolled(byte[] csr) throws Exception {
    try (AgentTransport transport = GrpcTransport.to("localhost", site.agentPort())) {
      return transport
          .enrol(
              new TlsMaterial(List.of(), List.of(site.hub.pin().trustManager())),
              site.hub.fleet().issueInstallToken(ClusterName.of("spare")).token(),
              csr)
          .chain();
    }
  }

  @Test
  void row28AgentDoesNotTalkToAHubThatItDoesNotTrust() {
    CertificatePin other = CertificatePin.of(TestAuthority.create().certificate());
    try (FairleadAgent agent =
        FairleadAgent.builder()
            .dial(GrpcTransport.to("localhost", site.agentPort()))
            .pinning(other)
            .enrolWith(site.hub.fleet().issueInstallToken(ClusterName.of("spare")).token())
            .keepInMemory()
            .cluster(ApiServer.kubeconfig(site.plane.adminKubeconfig()))
            .build()) {
      assertThatThrownBy(
              () -> {
                agent.start();
                agent.awaitConnected(Duration.ofSeconds(5));
              })
          .isInstanceOf(FairleadException.class);
    }
    assertThat(site.hub.cluster("spare").status()).isNotEqualTo(ClusterStatus.CONNECTED);
  }

  /** An agent answers exchanges; one that opens a stream itself loses its tunnel. */
  @Test
  void row27AgentOpensNoStreamTowardsTheHub() throws Exception {
    ApiServerTrail trail = ApiServerTrail.from(site.plane);
    KeyPair pair = keys.newKeyPair();
    List<X509Certificate> chain = enrolled(keys.csr(pair));
    AgentCredentials credentials =
        AgentCredentials.of(pair.getPrivate(), chain.get(0), chain.get(chain.size() - 1));
    TlsMaterial tls =
        new TlsMaterial(List.of(credentials.keyManagers()), List.of(site.hub.pin().trustManager()));
    byte[] greeting = RawHttp2Client.bytesOf(RawHttp2Client.SETTINGS, 0, 0, new byte[0]);
    byte[] request =
        RawHttp2Client.bytesOf(
            RawHttp2Client.HEADERS,
            RawHttp2Client.END_HEADERS | RawHttp2Client.END_STREAM,
            2,
            Wire.block("GET", RefusalRow.Rows.maps("row-27"), "h", List.of()));
    try (AgentTransport transport = GrpcTransport.to("localhost", site.agentPort())) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      bytes.writeBytes(greeting);
      bytes.writeBytes(request);
      SentThroughPipe.of(transport.dial(tls), bytes.toByteArray()).awaitClosed();
    }
    site.nothingArrived(trail, "row-27-stream");
  }

  /** A user's protocol at the agents' door gets no further than that. */
  @Test
  void row27UsersDoNotComeInByTheAgentsDoor() throws Exception {
    ApiServerTrail trail = ApiServerTrail.from(site.plane);
    try (RawClient client = RawClient.connect(site.hub.caCertificate(), site.agentPort())) {
      client.send(Wire.get(RefusalRow.Rows.maps("row-27"), User.ALICE.token()));
      assertThat(client.rest()).doesNotContain("HTTP/1.1 2");
    }
    site.nothingArrived(trail, "row-27");
  }
}
