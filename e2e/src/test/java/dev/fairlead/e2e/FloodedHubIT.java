package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.testkit.raw.RawClient;
import dev.fairlead.testkit.raw.RawHttp2Client;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Row 22 of the table in docs/security.md, at a hub that is a process of its own: what floods of
 * frames cost it, and others.
 *
 * <p>A flood takes the machine's processors, too, from whoever is measured. So the API server is
 * asked directly at the same time, and what that takes longer is allowed to the hub as well.
 */
@ExtendWith(SharedControlPlane.class)
@TestInstance(Lifecycle.PER_CLASS)
class FloodedHubIT {

  private static final long MOST_HEAP = 48L << 20;
  private static final long MOST_RESIDENT = 160L << 20;
  private static final int ROUNDS = 3;
  private static final int REQUESTS = 60;
  private static final int ATTACKERS = 8;
  private static final int OTHERS = 60;

  /** What a flood that comes anew as soon as it is ended may take on two processors. */
  private static final long FLOOR_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private ControlPlane plane;
  private Site site;
  private X509Certificate authority;
  private X509Certificate clusterAuthority;
  private Latencies quiet;
  private Footprint before;

  /** The 99th percentile of many requests each, the median of some rounds. */
  private record Latencies(long hub, long direct) {
    @Override
    public String toString() {
      return "hub %d us, directly %d us".formatted(hub / 1_000, direct / 1_000);
    }
  }

  @BeforeAll
  void start(ControlPlane shared) throws Exception {
    plane = shared;
    site = Site.start("flooded", Site.ROLES, Map.of("real", plane));
    authority = certificate(Files.readAllBytes(site.hub().ca()));
    clusterAuthority = certificate(plane.ca());
    latencies();
    quiet = latencies();
    before = site.hub().footprint();
  }

  @AfterAll
  void stop() {
    site.close();
  }

  private static X509Certificate certificate(byte[] pem) throws GeneralSecurityException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem));
  }

  private int hubPort() {
    return URI.create("https://" + site.hub().users()).getPort();
  }

  @ParameterizedTest
  @EnumSource(Flood.class)
  void floodCostsTheHubLittleAndOthersNothing(Flood flood) throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    ExecutorService threads = Executors.newFixedThreadPool(1);
    try {
      Future<Integer> connections = threads.submit(() -> flood(flood, over));
      Latencies meanwhile = latencies();
      Footprint during = site.hub().footprint();
      over.countDown();
      int count = connections.get(1, TimeUnit.MINUTES);
      Footprint after = site.hub().footprint();
      System.out.printf(
          "%s: %d connections; before: %s; during: %s; after: %s; quiet: %s; meanwhile: %s%n",
          flood, count, before, during, after, quiet, meanwhile);

      for (Footprint footprint : List.of(during, after)) {
        assertThat(footprint.heap() - before.heap()).as("heap").isLessThan(MOST_HEAP);
        assertThat(footprint.resident() - before.resident())
            .as("resident")
            .isLessThan(MOST_RESIDENT);
      }
      double machine = Math.max(1, (double) meanwhile.direct() / quiet.direct());
      assertThat(meanwhile.hub())
          .as("99th percentile of another user, in nanoseconds")
          .isLessThan(Math.max(FLOOR_NANOS, (long) (2 * machine * quiet.hub())));
    } finally {
      over.countDown();
      threads.shutdownNow();
    }
  }

  /** What the cluster's own rights let everybody ask, and no agent may ask twice. */
  private static String review() {
    String body =
        """
        {"kind":"SelfSubjectAccessReview","apiVersion":"authorization.k8s.io/v1",\
        "spec":{"resourceAttributes":{"verb":"get","resource":"pods"}}}""";
    return Wire.request(
            "POST",
            "/clusters/real/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
            "h",
            List.of(
                "Authorization: Bearer " + User.CAROL.token(),
                "Content-Type: application/json",
                "Content-Length: " + body.length()))
        + body;
  }

  @Test
  void requestsThatManyTakeBackEndNobodyElses() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    ExecutorService threads = Executors.newFixedThreadPool(ATTACKERS);
    String version = Wire.get("/clusters/real/version", User.CAROL.token());
    Map<String, Integer> ends = new TreeMap<>();
    try (RawHttp2Client watcher = RawHttp2Client.connect(authority, hubPort())) {
      watcher.frame(
          RawHttp2Client.HEADERS,
          RawHttp2Client.END_HEADERS | RawHttp2Client.END_STREAM,
          1,
          Wire.block(
              "GET",
              "/clusters/real/api/v1/namespaces/default/configmaps?watch=true",
              "h",
              List.of("authorization: Bearer " + User.BOB.token())));
      assertThat(watcher.outcome(1)).isEqualTo("200");
      List<Future<Integer>> floods = new ArrayList<>();
      for (int i = 0; i < ATTACKERS; i++) {
        floods.add(threads.submit(() -> flood(Flood.TAKEN_BACK, over)));
      }
      for (int i = 0; i < OTHERS; i++) {
        try (RawClient client = RawClient.connect(authority, hubPort())) {
          ends.merge("GET " + status(client.send(version).response()), 1, Integer::sum);
          ends.merge("POST " + status(client.send(review()).response()), 1, Integer::sum);
        }
      }
      over.countDown();
      int connections = 0;
      for (Future<Integer> flood : floods) {
        connections += flood.get(1, TimeUnit.MINUTES);
      }
      System.out.printf("%d connections of %d attackers: %s%n", connections, ATTACKERS, ends);
      assertThat(connections).as("as the hub ends each after some").isGreaterThan(ATTACKERS);
      plane.admin().run("create", "configmap", "after-the-storm").succeeded();
      String events = "";
      while (!events.contains("after-the-storm")) {
        events += watcher.body(1, 1);
      }
      plane.admin().run("delete", "configmap", "after-the-storm").succeeded();
    } finally {
      over.countDown();
      threads.shutdownNow();
    }
    assertThat(ends).isEqualTo(Map.of("GET 200", OTHERS, "POST 201", OTHERS));
  }

  private static String status(String response) {
    return response.startsWith("HTTP/1.1 ") ? response.substring(9, 12) : response;
  }

  /** Floods, on a new connection as soon as one is closed, and tells how many it took. */
  private int flood(Flood flood, CountDownLatch over) throws Exception {
    int connections = 0;
    while (over.getCount() > 0) {
      connections++;
      try (RawHttp2Client client = RawHttp2Client.connect(authority, hubPort(), flood.settings())) {
        flood.send(client, over);
      } catch (IOException closed) {
        // What the hub is to do.
      }
    }
    return connections;
  }

  private Latencies latencies() throws Exception {
    List<Long> hub = new ArrayList<>();
    List<Long> direct = new ArrayList<>();
    String carol = Wire.get("/clusters/real/version", User.CAROL.token());
    String nobody = "GET /version HTTP/1.1\r\nHost: h\r\n\r\n";
    int server = URI.create(plane.url()).getPort();
    try (RawClient throughHub = RawClient.connect(authority, hubPort());
        RawClient atServer = RawClient.connect(clusterAuthority, server)) {
      for (int round = 0; round < ROUNDS; round++) {
        long[] ofHub = new long[REQUESTS];
        long[] ofServer = new long[REQUESTS];
        for (int i = 0; i < REQUESTS; i++) {
          ofHub[i] = nanos(throughHub, carol, "HTTP/1.1 200");
          ofServer[i] = nanos(atServer, nobody, "HTTP/1.1 ");
        }
        hub.add(percentile99(ofHub));
        direct.add(percentile99(ofServer));
      }
    }
    return new Latencies(median(hub), median(direct));
  }

  private static long nanos(RawClient client, String request, String expected) throws IOException {
    long start = System.nanoTime();
    assertThat(client.send(request).response()).startsWith(expected);
    return System.nanoTime() - start;
  }

  private static long percentile99(long[] nanos) {
    Arrays.sort(nanos);
    return nanos[nanos.length * 99 / 100 - 1];
  }

  private static long median(List<Long> all) {
    return all.stream().sorted().toList().get(all.size() / 2);
  }
}
