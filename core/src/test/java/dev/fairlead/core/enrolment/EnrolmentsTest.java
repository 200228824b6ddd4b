package dev.fairlead.core.enrolment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.InstallToken;
import dev.fairlead.api.InstallTokenInfo;
import dev.fairlead.api.InstallTokenInfo.State;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.LimitException;
import dev.fairlead.api.UnauthenticatedException;
import dev.fairlead.api.store.AgentStore.StoredAgent;
import dev.fairlead.api.store.Stores;
import dev.fairlead.api.transport.Enrolment;
import dev.fairlead.api.transport.Peer;
import dev.fairlead.core.store.MemoryStores;
import dev.fairlead.pki.AgentKeys;
import dev.fairlead.pki.AgentSubject;
import dev.fairlead.pki.CertificateAuthority;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnrolmentsTest {

  private static final ClusterName EU = ClusterName.of("prod-eu");
  private static final ClusterName US = ClusterName.of("prod-us");
  private static final Duration DAY = Duration.ofDays(1);
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Stores stores = MemoryStores.create();
  private final AgentKeys keys = AgentKeys.inMemory(RANDOM);
  private final byte[] csr = keys.csr(keys.newKeyPair());
  private volatile Instant now = Instant.parse("2026-03-01T12:00:00Z");
  private final CertificateAuthority authority =
      CertificateAuthority.create(() -> now, RANDOM, "Test CA");
  private final InstallTokens tokens = new InstallTokens(stores, () -> now, RANDOM);
  private final Enrolments enrolments = enrolments(authority, 100);

  private Enrolments enrolments(CertificateAuthority signer, int mostAtOnce) {
    return new Enrolments(
        stores, signer, () -> now, RANDOM, new EnrolmentSettings(DAY, mostAtOnce));
  }

  @BeforeEach
  void openStores() {
    stores.open();
  }

  @AfterEach
  void closeStores() {
    stores.close();
  }

  private InstallToken token(ClusterName cluster) {
    return tokens.issue(cluster, Map.of(), DAY).token();
  }

  private static Peer.Certified peer(Enrolment enrolment) {
    return new Peer.Certified(enrolment.chain().get(0));
  }

  private static AgentSubject subject(Enrolment enrolment) {
    return AgentSubject.of(enrolment.chain().get(0));
  }

  @Test
  void tokenBuysACertificateForItsCluster() throws Exception {
    Enrolment enrolment = enrolments.enrol(token(EU), csr);

    X509Certificate certificate = enrolment.chain().get(0);
    certificate.verify(authority.certificate().getPublicKey());
    assertThat(enrolment.chain()).hasSize(2).endsWith(authority.certificate());
    assertThat(subject(enrolment).cluster()).isEqualTo(EU);
    assertThat(subject(enrolment).agentId()).matches("[0-9a-f]{16}");
    assertThat(certificate.getNotAfter().toInstant()).isEqualTo(now.plus(DAY));
    assertThat(stores.agents().list())
        .containsExactly(new StoredAgent(subject(enrolment).agentId(), EU, now.plus(DAY), false));
  }

  @Test
  void ofAThousandEnrolmentsAtOnceOneSucceeds() throws Exception {
    InstallToken token = token(EU);
    int count = 1_000;
    ExecutorService threads = Executors.newFixedThreadPool(count);
    CyclicBarrier start = new CyclicBarrier(count);
    try {
      List<Future<Boolean>> results = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        results.add(
            threads.submit(
                () -> {
                  start.await();
                  try {
                    enrolments.enrol(token, csr);
                    return true;
                  } catch (UnauthenticatedException | LimitException e) {
                    return false;
                  }
                }));
      }
      int successes = 0;
      for (Future<Boolean> result : results) {
        successes += result.get() ? 1 : 0;
      }
      assertThat(successes).isEqualTo(1);
      assertThat(stores.agents().list()).hasSize(1);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void badRequestDoesNotUseTheTokenUp() {
    InstallToken token = token(EU);
    byte[] forged = csr.clone();
    forged[forged.length - 1] ^= 1;
    for (byte[] bad : List.of(new byte[0], new byte[] {0x30, 0}, new byte[1 << 20], forged)) {
      assertThatThrownBy(() -> enrolments.enrol(token, bad)).isInstanceOf(InvalidException.class);
    }
    assertThat(tokens.list()).extracting(InstallTokenInfo::state).containsExactly(State.OPEN);
    assertThat(subject(enrolments.enrol(token, csr)).cluster()).isEqualTo(EU);
  }

  @Test
  void refusalDoesNotTellWhatIsWrongWithAToken() {
    InstallToken used = token(EU);
    enrolments.enrol(used, csr);
    InstallToken revoked = token(EU);
    tokens.revoke(revoked.id());
    InstallToken expired = tokens.issue(EU, Map.of(), Duration.ofSeconds(1)).token();
    InstallToken good = token(EU);
    InstallToken wrongSecret = InstallToken.parse("fli_" + good.id() + "_" + "A".repeat(43));
    InstallToken wrongId = InstallToken.parse("fli_0000000000000000_" + good.secret());
    now = now.plusSeconds(1);

    List<String> messages = new ArrayList<>();
    for (InstallToken bad : List.of(used, revoked, expired, wrongSecret, wrongId)) {
      assertThatThrownBy(() -> enrolments.enrol(bad, csr))
          .isInstanceOf(UnauthenticatedException.class)
          .hasMessageNotContainingAny(bad.id(), bad.secret())
          .satisfies(e -> messages.add(e.getMessage()));
    }
    assertThat(messages).hasSize(5).containsOnly(messages.get(0));
    assertThat(stores.agents().list()).hasSize(1);
  }

  @Test
  void enrolmentsBeyondTheLimitAreRefusedAtOnceAndKeepTheirToken() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    CertificateAuthority slow =
        CertificateAuthority.create(
            () -> {
              if (Thread.currentThread().getName().equals("slow")) {
                inside.countDown();
                awaitQuietly(release);
              }
              return now;
            },
            RANDOM,
            "Slow CA");
    Enrolments narrow = enrolments(slow, 1);
    InstallToken first = token(EU);
    InstallToken second = token(EU);
    ExecutorService threads = Executors.newSingleThreadExecutor(work -> new Thread(work, "slow"));
    try {
      Future<Enrolment> running = threads.submit(() -> narrow.enrol(first, csr));
      inside.await();
      assertThatThrownBy(() -> narrow.enrol(second, csr)).isInstanceOf(LimitException.class);
      release.countDown();
      assertThat(running.get().chain()).hasSize(2);
      assertThat(narrow.enrol(second, csr).chain()).hasSize(2);
      assertThatThrownBy(() -> narrow.enrol(second, csr))
          .isInstanceOf(UnauthenticatedException.class);
      assertThatThrownBy(() -> narrow.enrol(second, new byte[0]))
          .isInstanceOf(InvalidException.class);
    } finally {
      release.countDown();
      threads.shutdownNow();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  @Test
  void enrolledAgentIsAdmittedUntilItsCertificateExpires() {
    Enrolment enrolment = enrolments.enrol(token(EU), csr);
    AdmittedAgent admitted = enrolments.admit(peer(enrolment));
    assertThat(admitted)
        .isEqualTo(new AdmittedAgent(EU, subject(enrolment).agentId(), now.plus(DAY)));
    now = now.plus(DAY);
    assertThatThrownBy(() -> enrolments.admit(peer(enrolment)))
        .isInstanceOf(UnauthenticatedException.class)
        .hasMessageContaining("expired");
  }

  @Test
  void renewalKeepsClusterAndAgentAndBothCertificatesHold() {
    Enrolment first = enrolments.enrol(token(EU), csr);
    now = now.plus(DAY.dividedBy(2));
    Enrolment second = enrolments.renew(peer(first), keys.csr(keys.newKeyPair()));
    assertThat(subject(second).named()).isEqualTo(subject(first).named());
    assertThat(subject(second).serial()).isNotEqualTo(subject(first).serial());
    assertThat(stores.agents().list())
        .extracting(StoredAgent::notAfter)
        .containsExactly(now.plus(DAY));
    assertThat(enrolments.admit(peer(first)).certificateNotAfter()).isBefore(now.plus(DAY));
    assertThat(enrolments.admit(peer(second)).certificateNotAfter()).isEqualTo(now.plus(DAY));
  }

  @Test
  void badRequestIsNotRenewed() {
    Enrolment enrolment = enrolments.enrol(token(EU), csr);
    assertThatThrownBy(() -> enrolments.renew(peer(enrolment), new byte[] {1}))
        .isInstanceOf(InvalidException.class);
  }

  @Test
  void expiredCertificateIsNotRenewed() {
    Enrolment enrolment = enrolments.enrol(token(EU), csr);
    now = now.plus(DAY);
    assertThatThrownBy(() -> enrolments.renew(peer(enrolment), csr))
        .isInstanceOf(UnauthenticatedException.class);
  }

  @Test
  void agentTheStoreDoesNotKnowIsRefused() {
    Enrolment enrolment = enrolments.enrol(token(EU), csr);
    stores.agents().purge(Instant.MAX);
    assertRefused(enrolment, "not known");
  }

  @Test
  void revokedAgentIsRefused() {
    Enrolment enrolment = enrolments.enrol(token(EU), csr);
    stores.agents().revokeAll(EU);
    assertRefused(enrolment, "revoked");
  }

  @Test
  void agentIsRefusedWithACertificateForAnotherCluster() {
    Enrolment enrolment = enrolments.enrol(token(EU), csr);
    token(US);
    X509Certificate elsewhere =
        authority
            .issueAgent(
                csr, new dev.fairlead.pki.ClusterSubject(US, subject(enrolment).agentId()), DAY)
            .certificate();
    assertThatThrownBy(() -> enrolments.admit(new Peer.Certified(elsewhere)))
        .isInstanceOf(UnauthenticatedException.class)
        .hasMessageContaining("prod-us");
  }

  @Test
  void certificateThatIsNoAgentsIsRefused() {
    assertThatThrownBy(() -> enrolments.admit(new Peer.Certified(authority.certificate())))
        .isInstanceOf(UnauthenticatedException.class);
  }

  private void assertRefused(Enrolment enrolment, String why) {
    assertThatThrownBy(() -> enrolments.admit(peer(enrolment)))
        .isInstanceOf(UnauthenticatedException.class)
        .hasMessageContaining(why);
    assertThatThrownBy(() -> enrolments.renew(peer(enrolment), csr))
        .isInstanceOf(UnauthenticatedException.class)
        .hasMessageContaining(why);
  }

  @Test
  void dismissedClusterLosesItsAgentsAndTokensForGood() {
    Enrolment enrolment = enrolments.enrol(token(EU), csr);
    Enrolment elsewhere = enrolments.enrol(token(US), csr);
    InstallToken open = token(EU);

    assertThat(enrolments.dismiss(EU)).isTrue();
    assertThat(enrolments.dismiss(EU)).isFalse();
    assertRefused(enrolment, "revoked");
    token(EU);
    assertRefused(enrolment, "revoked");
    assertThatThrownBy(() -> enrolments.enrol(open, csr))
        .isInstanceOf(UnauthenticatedException.class);
    assertThat(enrolments.admit(peer(elsewhere)).cluster()).isEqualTo(US);
  }

  @Test
  void agentOfAClusterThatIsGoneIsRefused() {
    Enrolment enrolment = enrolments.enrol(token(EU), csr);
    InstallToken open = token(EU);
    stores.clusters().remove(EU);
    assertRefused(enrolment, "not in the fleet");
    assertThatThrownBy(() -> enrolments.enrol(open, csr))
        .isInstanceOf(UnauthenticatedException.class);
  }

  @Test
  void localAgentIsAdmittedIfItsClusterIsInTheFleet() {
    Peer local = new Peer.Local(EU, "local");
    assertThatThrownBy(() -> enrolments.admit(local)).isInstanceOf(UnauthenticatedException.class);
    stores.clusters().merge(EU, Map.of());
    assertThat(enrolments.admit(local)).isEqualTo(new AdmittedAgent(EU, "local", Instant.MAX));
    assertThatThrownBy(() -> enrolments.renew(local, csr)).isInstanceOf(InvalidException.class);
  }

  @Test
  void forgetsAgentsLongAfterTheirLastCertificate() {
    enrolments.enrol(token(EU), csr);
    now = now.plus(Duration.ofDays(32));
    Enrolment later = enrolments.enrol(token(EU), csr);
    assertThat(stores.agents().list())
        .extracting(StoredAgent::id)
        .containsExactly(subject(later).agentId());
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT59S", "P91D", "PT-1H"})
  void refusesCertificateLivesOutOfRange(Duration life) {
    assertThatThrownBy(() -> new EnrolmentSettings(life, 1))
        .isInstanceOf(InvalidException.class)
        .hasMessageContaining(life.toString());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 1_001})
  void refusesLimitsOutOfRange(int mostAtOnce) {
    assertThatThrownBy(() -> new EnrolmentSettings(DAY, mostAtOnce))
        .isInstanceOf(InvalidException.class);
  }
}
