package dev.fairlead.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.LimitException;
import dev.fairlead.api.store.Stores;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What files add to the conformance kit: modes, locks, damage and crashes. */
class FileStoresTest {

  private static final ClusterName EU = ClusterName.of("prod-eu");

  @TempDir Path temporary;
  private Path directory;

  @BeforeEach
  void nameDirectory() {
    directory = temporary.resolve("stores");
  }

  private Stores opened() {
    Stores stores = FileStores.in(directory);
    stores.open();
    return stores;
  }

  private void fill() {
    try (Stores stores = opened()) {
      stores.clusters().merge(EU, Map.of("tier", "gold"));
    }
  }

  private Map<String, String> contents() throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        if (!file.getFileName().toString().startsWith("lock")) {
          contents.put(file.getFileName().toString(), Files.readString(file));
        }
      }
    }
    return contents;
  }

  @Test
  void onlyTheOwnerMayReadWhatIsWritten() throws IOException {
    fill();
    assertThat(mode(directory)).isEqualTo("rwx------");
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).hasSizeGreaterThan(4).allMatch(file -> mode(file).equals("rw-------"));
    }
  }

  private static String mode(Path path) {
    try {
      return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rwxr-x---", "rwx--x--x", "rwx---r--", "rwx-w----"})
  void refusesADirectoryThatIsOpenToOthers(String mode) throws IOException {
    fill();
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(mode));
    assertThatThrownBy(this::opened)
        .isInstanceOf(InvalidException.class)
        .hasMessageContainingAll(mode, "expected: rwx------", "chmod 700 " + directory);
  }

  @Test
  void refusesAFileInPlaceOfTheDirectory() throws IOException {
    Files.createFile(
        directory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    assertThatThrownBy(this::opened)
        .isInstanceOf(InvalidException.class)
        .hasMessageContaining("no directory");
  }

  @Test
  void secondHubInTheSameProcessIsRefusedAsOftenAsItTries() {
    Stores first = opened();
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(this::opened)
          .isInstanceOf(InvalidException.class)
          .hasMessageContainingAll(directory.toString(), "used by a hub in this process");
    }
    first.clusters().merge(EU, Map.of());
    first.close();
    try (Stores next = opened()) {
      assertThat(next.clusters().find(EU)).isPresent();
    }
  }

  @Test
  void hubInAnotherProcessKeepsTheDirectoryForItself() throws Exception {
    try (ChildHub child = ChildHub.start(directory)) {
      child.awaitChanges(1);
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(this::opened)
            .isInstanceOf(InvalidException.class)
            .hasMessageContaining("used by a hub in process " + child.pid());
      }
    }
  }

  @Test
  void whatWasAcknowledgedBeforeAKillIsThereAfterIt() throws Exception {
    for (int round = 1; round <= 5; round++) {
      int acknowledged;
      try (ChildHub child = ChildHub.start(directory)) {
        acknowledged = child.awaitChanges(7 * round);
      }
      try (Stores stores = opened()) {
        Map<String, String> labels = stores.clusters().find(EU).orElseThrow().labels();
        assertThat(Integer.parseInt(labels.get("change"))).isGreaterThanOrEqualTo(acknowledged);
      }
      assertThat(contents().keySet()).noneMatch(name -> name.endsWith(".tmp"));
    }
  }

  @Test
  void draftOfAKilledProcessIsIgnoredAndRemoved() throws IOException {
    fill();
    Files.writeString(directory.resolve("clusters.json.tmp"), "{\"format\":");
    try (Stores stores = opened()) {
      assertThat(stores.clusters().find(EU)).isPresent();
    }
    assertThat(contents()).doesNotContainKey("clusters.json.tmp");
  }

  @Test
  void firstStartThatWasCutShortIsContinued() throws IOException {
    fill();
    Files.delete(directory.resolve("complete"));
    Files.delete(directory.resolve("api-keys.json"));
    try (Stores stores = opened()) {
      assertThat(stores.clusters().find(EU)).isPresent();
      assertThat(stores.apiKeys().list()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "clusters",
        "install-tokens",
        "agents",
        "api-keys",
        "users",
        "sessions",
        "signing-keys"
      })
  void refusesToMakeALostFileAnew(String name) throws IOException {
    fill();
    Path file = directory.resolve(name + ".json");
    Files.delete(file);
    Map<String, String> before = contents();
    assertThatThrownBy(this::opened)
        .isInstanceOf(InvalidException.class)
        .hasMessageContainingAll(file.toString(), "missing");
    assertThat(contents()).isEqualTo(before);
  }

  @Test
  void directoryOfAnEarlierVersionGetsTheFilesThatAreNew() throws IOException {
    fill();
    Files.writeString(
        directory.resolve("complete"), "The files beside this one belong together.\n");
    List<String> added = List.of("users.json", "sessions.json", "signing-keys.json");
    for (String name : added) {
      Files.delete(directory.resolve(name));
    }
    try (Stores stores = opened()) {
      assertThat(stores.clusters().find(EU)).isPresent();
      assertThat(stores.users().list()).isEmpty();
    }
    assertThat(contents()).containsKeys(added.toArray(String[]::new));
    Files.delete(directory.resolve("users.json"));
    assertThatThrownBy(this::opened).isInstanceOf(InvalidException.class);
  }

  static List<String> damages() {
    String head = "{\"format\":\"fairlead/clusters\",\"version\":1,\"rows\":[";
    return List.of(
        "",
        "\0\0\0\0",
        "null",
        "[]",
        "{}",
        head,
        head + "]",
        head + "]} {}",
        head + "],\"more\":1}",
        head.replace("1,", "2,") + "]}",
        head.replace("1,", "\"1\",") + "]}",
        head.replace("1,", "99999999999999999999,") + "]}",
        head.replace("clusters", "agents") + "]}",
        head + "3]}",
        head + "[]]}",
        head + "{}]}",
        head + "{\"name\":\"a\"}]}",
        head + "{\"name\":null,\"labels\":{}}]}",
        head + "{\"name\":1,\"labels\":{}}]}",
        head + "{\"name\":\"a\",\"labels\":[]}]}",
        head + "{\"name\":\"a\",\"labels\":{\"k\":1}}]}",
        head + "{\"name\":\"a\",\"labels\":{\"k\":{\"l\":{\"m\":{}}}}}]}",
        head + "{\"name\":\"a\",\"labels\":{},\"more\":true}]}",
        head + "{\"name\":\"a\",\"name\":\"b\",\"labels\":{}}]}",
        head + "{\"name\":\"Not A Name\",\"labels\":{}}]}",
        head + "{\"name\":\"a\",\"labels\":{}},{\"name\":\"a\",\"labels\":{}}]}",
        head + "{\"name\":\"a\",\"labels\":{\"k\":\"\u0000\"}}]}",
        head + "[".repeat(5_000));
  }

  @ParameterizedTest
  @MethodSource("damages")
  void refusesADamagedFileAndLeavesItAsItIs(String damage) throws IOException {
    fill();
    Path file = directory.resolve("clusters.json");
    Files.writeString(file, damage);
    Files.writeString(directory.resolve("agents.json.tmp"), "left over");
    Map<String, String> before = contents();
    assertThatThrownBy(this::opened)
        .isInstanceOf(InvalidException.class)
        .hasMessageContainingAll(file.toString(), "expected");
    assertThat(contents()).isEqualTo(before);
  }

  @Test
  void refusesAFileThatIsTooLarge() throws IOException {
    fill();
    try (RandomAccessFile sparse =
        new RandomAccessFile(directory.resolve("agents.json").toFile(), "rw")) {
      sparse.setLength((64L << 20) + 1);
    }
    assertThatThrownBy(this::opened)
        .isInstanceOf(InvalidException.class)
        .hasMessageContainingAll("agents.json", "64 MiB");
  }

  @Test
  void changeForWhichThereIsNoRoomChangesNothing() throws IOException {
    try (Stores stores = opened()) {
      stores.clusters().merge(EU, Map.of("tier", "gold"));
      Map<String, String> before = contents();
      assertThatThrownBy(() -> stores.clusters().merge(EU, Map.of("k", "x".repeat(64 << 20))))
          .isInstanceOf(LimitException.class)
          .hasMessageContaining("64 MiB");
      assertThat(stores.clusters().find(EU).orElseThrow().labels()).containsOnlyKeys("tier");
      assertThat(contents()).isEqualTo(before);
    }
  }

  @Test
  void changeThatCannotBeWrittenChangesNothing() throws IOException {
    Path inTheWay = directory.resolve("clusters.json.tmp");
    try (Stores stores = opened()) {
      Files.createDirectories(inTheWay.resolve("x"));
      assertThatThrownBy(() -> stores.clusters().merge(EU, Map.of()))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("clusters.json");
      assertThat(stores.clusters().find(EU)).isEmpty();
      Files.delete(inTheWay.resolve("x"));
      stores.clusters().merge(EU, Map.of());
    }
    try (Stores stores = opened()) {
      assertThat(stores.clusters().find(EU)).isPresent();
    }
  }

  @Test
  void interruptDoesNotLoseAChange() {
    try (Stores stores = opened()) {
      Thread.currentThread().interrupt();
      stores.clusters().merge(EU, Map.of());
      assertThat(Thread.interrupted()).isTrue();
    }
    try (Stores stores = opened()) {
      assertThat(stores.clusters().find(EU)).isPresent();
    }
  }

  @Test
  void failedOpeningLeavesTheDirectoryFreeAndTheStoresClosed() throws IOException {
    fill();
    Path file = directory.resolve("agents.json");
    String good = Files.readString(file);
    Files.writeString(file, "broken");
    Stores stores = FileStores.in(directory);
    assertThatThrownBy(stores::open).isInstanceOf(InvalidException.class);
    assertThatThrownBy(() -> stores.clusters().list()).isInstanceOf(IllegalStateException.class);
    Files.writeString(file, good);
    assertThatCode(stores::open).doesNotThrowAnyException();
    stores.close();
  }
}
