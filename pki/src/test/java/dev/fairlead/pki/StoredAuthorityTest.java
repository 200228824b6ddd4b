package dev.fairlead.pki;

import static dev.fairlead.pki.Snapshot.chmod;
import static dev.fairlead.pki.Snapshot.mode;
import static dev.fairlead.pki.Snapshot.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.pki.PkiException.Code;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoredAuthorityTest {

  private static final int RACERS = 16;

  @TempDir private Path root;

  @Test
  void firstStartMakesAnAuthorityAndLaterStartsKeepIt() throws Exception {
    Path directory = root.resolve("deep/er/ca");

    CertificateAuthority first = load(directory);
    Snapshot made = Snapshot.of(root);
    CertificateAuthority second = load(directory);

    assertThat(second.sha256()).isEqualTo(first.sha256());
    assertThat(Snapshot.of(root)).isEqualTo(made);
    assertThat(mode(directory)).isEqualTo("rwx------");
    assertThat(mode(directory.resolve("ca.key"))).isEqualTo("rw-------");
    assertThat(mode(directory.resolve("ca.crt"))).isEqualTo("rw-r--r--");
    assertThat(made.files().keySet())
        .containsExactlyInAnyOrder(
            "", "deep", "deep/er", "deep/er/ca", "deep/er/ca/ca.key", "deep/er/ca/ca.crt");
  }

  @Test
  void whatOneStartIssuedTheNextStartTrusts() throws Exception {
    Path directory = root.resolve("ca");
    X509Certificate leaf =
        load(directory).issueServer(List.of("localhost"), Duration.ofHours(1)).chain().get(0);

    leaf.verify(load(directory).certificate().getPublicKey());
    assertThat(load(directory).issueServer(List.of("localhost"), Duration.ofHours(1)).chain())
        .contains(load(directory).certificate());
  }

  @Test
  void anEmptyPrivateDirectoryIsFilled() throws Exception {
    Path directory = privateDirectory();

    CertificateAuthority made = load(directory);

    assertThat(load(directory).sha256()).isEqualTo(made.sha256());
    assertThat(mode(directory)).isEqualTo("rwx------");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void manyThatStartTogetherShareOneAuthority(boolean directoryIsThere) throws Exception {
    Path directory = directoryIsThere ? privateDirectory() : root.resolve("ca");
    CountDownLatch go = new CountDownLatch(1);
    ExecutorService threads = Executors.newFixedThreadPool(RACERS);
    try {
      List<Future<CertificatePin>> racers = new ArrayList<>();
      for (int i = 0; i < RACERS; i++) {
        racers.add(
            threads.submit(
                () -> {
                  go.await();
                  return load(directory).sha256();
                }));
      }
      go.countDown();
      Set<CertificatePin> pins = new HashSet<>();
      for (Future<CertificatePin> racer : racers) {
        pins.add(racer.get());
      }
      assertThat(pins).containsExactly(load(directory).sha256());
    } finally {
      threads.shutdownNow();
    }
    assertThat(Snapshot.of(root).files().keySet())
        .containsExactlyInAnyOrder("", "ca", "ca/ca.key", "ca/ca.crt");
  }

  @Test
  void aCrashWhileMakingItLeavesNothingInItsPlace() throws Exception {
    Path crashed = Files.createDirectory(root.resolve(".ca.new-0011223344556677"));
    Files.writeString(crashed.resolve("ca.key"), "-----BEGIN PRIV");

    CertificateAuthority made = load(root.resolve("ca"));

    assertThat(load(root.resolve("ca")).sha256()).isEqualTo(made.sha256());
    assertThat(crashed.resolve("ca.key")).exists();
  }

  @ParameterizedTest
  @CsvSource({"ca.key, ca.crt without ca.key", "ca.crt, ca.key without ca.crt"})
  void halfAnAuthorityIsRefusedAndLeftAlone(String missing, String found) throws Exception {
    Path directory = made();
    Files.delete(directory.resolve(missing));

    assertThat(refusal(root, Code.STORAGE_REFUSED, () -> load(directory)))
        .hasMessageContaining(directory + ": holds " + found)
        .hasMessageContaining("expected: both, or an empty directory");
  }

  @Test
  void aDirectoryOfOtherThingsIsRefused() throws Exception {
    Path directory = privateDirectory();
    Files.writeString(directory.resolve("notes.txt"), "hello");

    assertThat(refusal(root, Code.STORAGE_REFUSED, () -> load(directory)))
        .hasMessageContaining("other files but neither ca.key nor ca.crt");
  }

  @Test
  void theKeyOfAnotherCertificateIsRefused() throws Exception {
    Path directory = made();
    Path other = root.resolve("other");
    load(other);
    Files.writeString(directory.resolve("ca.crt"), Files.readString(other.resolve("ca.crt")));

    assertThat(refusal(root, Code.STORAGE_REFUSED, () -> load(directory)))
        .hasMessageContaining("ca.key is not the key of ca.crt (expected: a matching pair)");
  }

  @ParameterizedTest
  @CsvSource({
    "ca.key, rw-r-----, 0640, 0600",
    "ca.key, rw------x, 0601, 0600",
    "ca.key, rwx------, 0700, 0600",
    "ca.crt, rw-rw-r--, 0664, 0644",
    "ca.crt, rw-rw-rw-, 0666, 0644",
    "'', rwxr-x---, 0750, 0700",
    "'', rwx-----x, 0701, 0700"
  })
  void widerPermissionsAreRefusedWithTheCommandThatNarrowsThem(
      String file, String permissions, String found, String expected) throws Exception {
    Path directory = made();
    Path opened = file.isEmpty() ? directory : directory.resolve(file);
    chmod(opened, permissions);

    assertThat(refusal(root, Code.STORAGE_REFUSED, () -> load(directory)))
        .hasMessageContaining(opened + ": has mode " + found + " (expected: " + expected)
        .hasMessageContaining("run: chmod " + expected + " '" + opened + "'");

    chmod(opened, file.isEmpty() ? "rwx------" : "rw-------");
    assertThat(load(directory)).isNotNull();
  }

  @Test
  void anEmptyDirectoryThatIsOpenToOthersIsNotFilled() throws Exception {
    Path directory = Files.createDirectory(root.resolve("ca"));
    chmod(directory, "rwxr-xr-x");

    assertThat(refusal(root, Code.STORAGE_REFUSED, () -> load(directory)))
        .hasMessageContaining("has mode 0755 (expected: 0700");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hello",
        "-----BEGIN PRIVATE KEY-----\nAAAA",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        "-----BEGIN PRIVATE KEY-----\n!!!!\n-----END PRIVATE KEY-----\n",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END PRIVATE KEY-----\n",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\n\n-----END CERTIFICATE-----\n",
        "-----BEGIN -----\n-----END -----\n"
      })
  void filesThatCannotBeParsedAreRefused(String content) throws Exception {
    for (String file : List.of("ca.key", "ca.crt")) {
      Path directory = root.resolve("for-" + file);
      load(directory);
      Files.writeString(directory.resolve(file), content);

      assertThat(refusal(root, Code.STORAGE_REFUSED, () -> load(directory)))
          .hasMessageStartingWith(directory.resolve(file) + ": ")
          .hasMessageContaining("expected: one ");
    }
  }

  @Test
  void aDamagedKeyIsRefusedWithoutShowingAnyOfIt() throws Exception {
    Path directory = made();
    Path file = directory.resolve("ca.key");
    String key = Files.readString(file);
    for (String damaged :
        List.of(
            key.replaceFirst("M", "_"),
            key.replaceFirst("M", "N"),
            key.replaceFirst(".{20}\n-----END", "\n-----END"),
            key.replace("-----END", "-----E ND"),
            key.replace("PRIVATE KEY", "EC PRIVATE KEY"),
            key + key)) {
      Files.writeString(file, damaged);
      PkiException refused = refusal(root, Code.STORAGE_REFUSED, () -> load(directory));
      Snapshot.assertSilentAbout(key, refused);
    }
  }

  @Test
  void aFileThatIsTooLargeIsRefused() throws Exception {
    Path directory = made();
    Files.write(directory.resolve("ca.crt"), new byte[64 * 1024 + 1]);

    assertThat(refusal(root, Code.STORAGE_REFUSED, () -> load(directory)))
        .hasMessageContaining("larger than 65536 bytes");
  }

  @Test
  void anExpiredAuthorityIsRefusedNotReplaced() throws Exception {
    Path directory = made();
    Duration afterwards = CertificateAuthority.LIFE.plusSeconds(1);

    assertThat(
            refusal(
                root,
                Code.EXPIRED,
                () ->
                    CertificateAuthority.loadOrCreate(
                        directory, Pki.later(afterwards), Pki.RANDOM)))
        .hasMessageContaining("ca.crt: valid from 2031-03-04T05:01:07Z to ")
        .hasMessageContaining("expected: valid at " + Pki.NOW.plus(afterwards));
  }

  @Test
  void anAuthorityOfTheFutureIsRefused() throws Exception {
    Path directory = made();

    refusal(
        root,
        Code.EXPIRED,
        () ->
            CertificateAuthority.loadOrCreate(
                directory, Pki.later(Duration.ofHours(-1)), Pki.RANDOM));
  }

  @Test
  void aLeafIsNoAuthority() throws Exception {
    Path directory = made();
    KeyEntry leaf = Pki.selfSignedServer("CN=leaf", "localhost");
    store(directory, leaf);

    assertThat(refusal(root, Code.STORAGE_REFUSED, () -> load(directory)))
        .hasMessageContaining("is no CA certificate");
  }

  @Test
  void anAuthorityThatSomebodyElseSignedIsRefused() throws Exception {
    Path directory = made();
    KeyPair keys = Keys.newP256(Pki.RANDOM);
    X509Certificate signedByAnother =
        Pki.template("CN=x", keys)
            .authority()
            .selfSigned(Keys.newP256(Pki.RANDOM).getPrivate(), Pki.RANDOM);
    store(directory, new KeyEntry(keys.getPrivate(), List.of(signedByAnother)));

    assertThat(refusal(root, Code.STORAGE_REFUSED, () -> load(directory)))
        .hasMessageContaining("not validly signed by its own key");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ca.key", "ca.crt"})
  void aSymbolicLinkInPlaceOfAFileIsRefused(String file) throws Exception {
    Path directory = made();
    Path elsewhere = root.resolve("elsewhere");
    Files.move(directory.resolve(file), elsewhere);
    Files.createSymbolicLink(directory.resolve(file), elsewhere);

    assertThat(refusal(root, Code.STORAGE_REFUSED, () -> load(directory)))
        .hasMessageContaining("is a symbolic link (expected: a regular file)");
  }

  @Test
  void aSymbolicLinkInPlaceOfTheDirectoryIsRefused() throws Exception {
    Path directory = made();
    Path link = Files.createSymbolicLink(root.resolve("link"), directory);
    Path dangling = Files.createSymbolicLink(root.resolve("dangling"), root.resolve("nowhere"));

    for (Path symbolic : List.of(link, dangling)) {
      assertThat(refusal(root, Code.STORAGE_REFUSED, () -> load(symbolic)))
          .hasMessageContaining("is a symbolic link (expected: a directory)");
    }
  }

  @Test
  void directoriesAndFilesInEachOthersPlaceAreRefused() throws Exception {
    Path directory = made();
    Files.delete(directory.resolve("ca.key"));
    Files.createDirectory(directory.resolve("ca.key"));
    Path file = Files.createFile(root.resolve("file"));

    assertThat(refusal(root, Code.STORAGE_REFUSED, () -> load(directory)))
        .hasMessageContaining("is a directory (expected: a regular file)");
    assertThat(refusal(root, Code.STORAGE_REFUSED, () -> load(file)))
        .hasMessageContaining("is a regular file (expected: a directory)");
  }

  @Test
  void theDirectoryOfAnotherUserIsRefused() throws Exception {
    Path foreign = Snapshot.foreignDirectory(root.resolve("foreign"));

    assertThat(refusal(root, Code.STORAGE_REFUSED, () -> load(foreign)))
        .hasMessageContaining(foreign + ": belongs to user ")
        .hasMessageContaining("the user this process runs as; run: chown ");
  }

  @Test
  void aFileSystemWithoutPermissionsIsRefused() throws Exception {
    URI archive = URI.create("jar:" + root.resolve("archive.zip").toUri());
    try (FileSystem zip = FileSystems.newFileSystem(archive, Map.of("create", "true"))) {
      assertThatThrownBy(() -> load(zip.getPath("/ca")))
          .isInstanceOf(PkiException.class)
          .hasMessageContaining("the file system has no POSIX permissions");
      assertThat(Files.exists(zip.getPath("/ca"))).isFalse();
    }
  }

  @Test
  void aPlaceThatCannotBeWrittenIsAnErrorThatNamesIt() throws Exception {
    Path file = Files.createFile(root.resolve("file"));

    PkiException failed = refusal(root, Code.STORAGE_FAILED, () -> load(file.resolve("below/ca")));

    assertThat(failed).hasMessageContaining(file.resolve("below/ca").toString());
  }

  private static CertificateAuthority load(Path directory) {
    return CertificateAuthority.loadOrCreate(directory, Pki.CLOCK, Pki.RANDOM);
  }

  private Path made() {
    Path directory = root.resolve("ca");
    load(directory);
    return directory;
  }

  private Path privateDirectory() throws IOException {
    Path directory = Files.createDirectory(root.resolve("ca"));
    chmod(directory, "rwx------");
    return directory;
  }

  private static void store(Path directory, KeyEntry entry) throws IOException {
    Files.writeString(
        directory.resolve("ca.key"), Pem.encode(Pem.PRIVATE_KEY, entry.privateKey().getEncoded()));
    Files.writeString(directory.resolve("ca.crt"), Pem.encode(entry.leaf()));
  }
}
