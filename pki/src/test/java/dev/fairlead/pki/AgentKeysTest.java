package dev.fairlead.pki;

import static dev.fairlead.pki.Snapshot.chmod;
import static dev.fairlead.pki.Snapshot.mode;
import static dev.fairlead.pki.Snapshot.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.pki.PkiException.Code;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgentKeysTest {

  @TempDir private Path root;

  private final CertificateAuthority authority = Pki.authority();

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void enrolledKeysAreKept(boolean inMemory) {
    AgentKeys keys = inMemory ? AgentKeys.inMemory(Pki.RANDOM) : open();
    assertThat(keys.load()).isEmpty();
    KeyPair pair = keys.newKeyPair();
    AgentCertificate issued =
        authority.issueAgent(keys.csr(pair), Pki.PROD, CertificateAuthority.AGENT_LIFE);

    keys.save(AgentCredentials.decode(pair.getPrivate(), issued.encodedChain()));

    AgentCredentials kept = (inMemory ? keys : open()).load().orElseThrow();
    assertThat(kept.privateKey()).isEqualTo(pair.getPrivate());
    assertThat(kept.chain()).isEqualTo(issued.chain());
    assertThat(kept.certificate()).isEqualTo(issued.certificate());
    assertThat(kept.hubCa()).isEqualTo(authority.certificate());
    assertThat(kept.subject()).isEqualTo(issued.subject());
    assertThat(kept.notAfter()).isEqualTo(issued.notAfter());
    assertThat(kept.notBefore()).isEqualTo(Pki.NOW.minus(CertificateAuthority.SKEW));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void renewalReplacesWhatWasKept(boolean inMemory) {
    AgentKeys keys = inMemory ? AgentKeys.inMemory(Pki.RANDOM) : open();
    keys.save(Pki.agent(authority, Pki.PROD));
    AgentCredentials renewed = Pki.agent(authority, Pki.PROD);

    keys.save(renewed);

    assertThat(keys.load().orElseThrow().certificate()).isEqualTo(renewed.certificate());
  }

  @Test
  void directoryAndFileArePrivate() throws Exception {
    open().save(Pki.agent(authority, Pki.PROD));

    assertThat(mode(root.resolve("deep/agent"))).isEqualTo("rwx------");
    assertThat(mode(root.resolve("deep/agent/agent.pem"))).isEqualTo("rw-------");
    assertThat(Snapshot.of(root.resolve("deep/agent")).files().keySet())
        .containsExactly("", "agent.pem");
  }

  @Test
  void whatAnInterruptedSaveLeftIsRemovedAndTheOldPairKept() throws Exception {
    AgentCredentials old = Pki.agent(authority, Pki.PROD);
    open().save(old);
    Path unfinished = root.resolve("deep/agent/.agent.pem.new-0011223344556677");
    String complete = Files.readString(root.resolve("deep/agent/agent.pem"));
    Files.writeString(unfinished, complete.substring(0, complete.length() / 2));

    AgentKeys reopened = open();

    assertThat(reopened.load().orElseThrow().certificate()).isEqualTo(old.certificate());
    assertThat(unfinished).doesNotExist();
  }

  @Test
  void aSaveThatFailsKeepsTheOldPair() throws Exception {
    AgentKeys keys = open();
    AgentCredentials old = Pki.agent(authority, Pki.PROD);
    keys.save(old);
    chmod(root.resolve("deep/agent"), "rwxr-xr-x");

    refusal(root, Code.STORAGE_REFUSED, () -> keys.save(Pki.agent(authority, Pki.PROD)));

    chmod(root.resolve("deep/agent"), "rwx------");
    assertThat(keys.load().orElseThrow().certificate()).isEqualTo(old.certificate());
  }

  @Test
  void readersSeeWholePairsWhileOthersSave() throws Exception {
    AgentKeys keys = open();
    List<AgentCredentials> generations = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      generations.add(Pki.agent(authority, Pki.PROD));
    }
    keys.save(generations.get(0));
    ExecutorService writers = Executors.newFixedThreadPool(2);
    try {
      List<Future<?>> saving = new ArrayList<>();
      for (int writer = 0; writer < 2; writer++) {
        saving.add(
            writers.submit(
                () -> {
                  for (int i = 0; i < 40; i++) {
                    keys.save(generations.get(i % generations.size()));
                  }
                }));
      }
      while (!saving.stream().allMatch(Future::isDone)) {
        AgentCredentials seen = keys.load().orElseThrow();
        assertThat(generations)
            .anyMatch(
                g ->
                    g.privateKey().equals(seen.privateKey())
                        && g.certificate().equals(seen.certificate()));
      }
      for (Future<?> done : saving) {
        done.get();
      }
    } finally {
      writers.shutdownNow();
    }
    assertThat(Snapshot.of(root.resolve("deep/agent")).files().keySet())
        .containsExactly("", "agent.pem");
  }

  @ParameterizedTest
  @CsvSource({
    "agent.pem, rw-r-----, 0640, 0600",
    "agent.pem, rw----r--, 0604, 0600",
    "'', rwxr-xr-x, 0755, 0700",
    "'', rwx--x---, 0710, 0700"
  })
  void widerPermissionsAreRefusedWithTheCommandThatNarrowsThem(
      String file, String permissions, String found, String expected) throws Exception {
    AgentKeys keys = open();
    keys.save(Pki.agent(authority, Pki.PROD));
    Path directory = root.resolve("deep/agent");
    Path opened = file.isEmpty() ? directory : directory.resolve(file);
    chmod(opened, permissions);

    assertThat(refusal(root, Code.STORAGE_REFUSED, keys::load))
        .hasMessageContaining(opened + ": has mode " + found + " (expected: " + expected)
        .hasMessageContaining("run: chmod " + expected + " '" + opened + "'");
    if (file.isEmpty()) {
      assertThat(refusal(root, Code.STORAGE_REFUSED, this::open))
          .hasMessageContaining("has mode " + found);
    }
  }

  @Test
  void symbolicLinksAreRefused() throws Exception {
    AgentKeys keys = open();
    keys.save(Pki.agent(authority, Pki.PROD));
    Path file = root.resolve("deep/agent/agent.pem");
    Path elsewhere = Files.move(file, root.resolve("elsewhere.pem"));
    Files.createSymbolicLink(file, elsewhere);
    Path link = Files.createSymbolicLink(root.resolve("link"), root.resolve("deep/agent"));

    assertThat(refusal(root, Code.STORAGE_REFUSED, keys::load))
        .hasMessageContaining("is a symbolic link (expected: a regular file)");
    assertThat(refusal(root, Code.STORAGE_REFUSED, () -> AgentKeys.open(link, Pki.RANDOM)))
        .hasMessageContaining("is a symbolic link (expected: a directory)");
  }

  @Test
  void theDirectoryOfAnotherUserIsRefused() throws Exception {
    Path foreign = Snapshot.foreignDirectory(root.resolve("foreign"));

    assertThat(refusal(root, Code.STORAGE_REFUSED, () -> AgentKeys.open(foreign, Pki.RANDOM)))
        .hasMessageContaining(foreign + ": belongs to user ");
  }

  @Test
  void aFileSystemWithoutPermissionsIsRefused() throws Exception {
    URI archive = URI.create("jar:" + root.resolve("archive.zip").toUri());
    try (FileSystem zip = FileSystems.newFileSystem(archive, Map.of("create", "true"))) {
      assertThatThrownBy(() -> AgentKeys.open(zip.getPath("/agent"), Pki.RANDOM))
          .isInstanceOf(PkiException.class)
          .hasMessageContaining("the file system has no POSIX permissions");
    }
  }

  @Test
  void aDamagedFileIsRefusedWithoutShowingAnyOfIt() throws Exception {
    AgentKeys keys = open();
    keys.save(Pki.agent(authority, Pki.PROD));
    Path file = root.resolve("deep/agent/agent.pem");
    String sound = Files.readString(file);
    String key = sound.substring(0, sound.indexOf("-----BEGIN CERT"));
    String chain = sound.substring(key.length());
    for (String damaged :
        List.of(
            "",
            chain,
            key,
            chain + key,
            sound + chain,
            sound.replaceFirst("M", "_"),
            sound.replaceFirst("M", "N"),
            key.replaceFirst(".{20}\n-----END", "\n-----END") + chain,
            sound.substring(0, sound.length() - 3),
            "x".repeat(64 * 1024 + 1))) {
      Files.writeString(file, damaged);
      PkiException refused = refusal(root, Code.STORAGE_REFUSED, keys::load);
      Snapshot.assertSilentAbout(key, refused);
    }
  }

  @Test
  void aMixOfTwoPairsIsRefused() throws Exception {
    AgentKeys keys = open();
    keys.save(Pki.agent(authority, Pki.PROD));
    Path file = root.resolve("deep/agent/agent.pem");
    String first = Files.readString(file);
    keys.save(Pki.agent(authority, Pki.PROD));
    String second = Files.readString(file);
    int chain = first.indexOf("-----BEGIN CERT");
    Files.writeString(
        file, first.substring(0, chain) + second.substring(second.indexOf("-----BEGIN CERT")));

    assertThat(refusal(root, Code.STORAGE_REFUSED, keys::load))
        .hasMessageContaining("issued for another key");
  }

  @Test
  void credentialsThatDoNotBelongTogetherCannotBeMade() {
    AgentCredentials agent = Pki.agent(authority, Pki.PROD);
    AgentCredentials other = Pki.agent(authority, Pki.PROD);
    byte[] leaf = Pem.der(agent.certificate());
    byte[] ca = Pem.der(agent.hubCa());

    assertCredentialsRefused(
        () -> AgentCredentials.of(other.privateKey(), agent.certificate(), authority.certificate()),
        "issued for another key");
    assertCredentialsRefused(
        () ->
            AgentCredentials.of(
                agent.privateKey(), agent.certificate(), Pki.authority().certificate()),
        "is not signed by the CA");
    assertCredentialsRefused(
        () -> AgentCredentials.of(agent.privateKey(), agent.certificate(), other.certificate()),
        "is no CA");
    assertCredentialsRefused(
        () -> AgentCredentials.decode(agent.privateKey(), List.of(leaf)), "expected: 2");
    assertCredentialsRefused(
        () -> AgentCredentials.decode(agent.privateKey(), List.of(leaf, ca, ca)), "expected: 2");
    assertCredentialsRefused(
        () -> AgentCredentials.decode(agent.privateKey(), List.of(leaf, new byte[70_000])),
        "at most 65536");
    assertCredentialsRefused(
        () -> AgentCredentials.decode(agent.privateKey(), List.of(leaf, new byte[] {1, 2})),
        "cannot be parsed");
    assertCredentialsRefused(
        () ->
            AgentCredentials.decode(
                agent.privateKey(), List.of(Arrays.copyOf(leaf, leaf.length + 1), ca)),
        "cannot be parsed");
  }

  private AgentKeys open() {
    return AgentKeys.open(root.resolve("deep/agent"), Pki.RANDOM);
  }

  private static void assertCredentialsRefused(ThrowingCallable attempt, String because) {
    assertThatThrownBy(attempt)
        .isInstanceOfSatisfying(
            PkiException.class, e -> assertThat(e.code()).isEqualTo(Code.CERTIFICATE_REFUSED))
        .hasMessageContaining(because);
  }
}
