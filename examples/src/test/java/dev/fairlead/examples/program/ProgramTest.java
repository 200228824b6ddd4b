package dev.fairlead.examples.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

class ProgramTest {

  @Command(name = "sample", mixinStandardHelpOptions = true, versionProvider = Version.class)
  private static final class Sample implements Service {

    @Option(names = "--file-name", required = true)
    private String fileName;

    @Option(names = "--address", converter = HostAndPort.Converter.class)
    private HostAndPort address;

    private final Exception failure;

    Sample(Exception failure) {
      this.failure = failure;
    }

    @Override
    public int run(Lifetime lifetime, Screen screen) throws Exception {
      if (failure != null) {
        throw failure;
      }
      screen.out().println(fileName + " " + address);
      return Program.DONE;
    }
  }

  private static Run run(Map<String, String> environment, String... args) {
    Run run = Run.of(new Sample(null), "SAMPLE", environment, args);
    run.exitCode();
    return run;
  }

  @Test
  void optionsComeFromTheEnvironmentUnlessTheyAreGiven() {
    Map<String, String> environment =
        Map.of("SAMPLE_FILE_NAME", "e", "SAMPLE_ADDRESS", "[::1]:80", "OTHER_FILE_NAME", "x");
    assertThat(run(environment).output()).isEqualTo("e [::1]:80\n");
    assertThat(run(environment, "--file-name", "f").output()).isEqualTo("f [::1]:80\n");
  }

  @Test
  void emptyVariableIsNoOption() {
    assertThat(run(Map.of("SAMPLE_FILE_NAME", "")).exitCode()).isEqualTo(Program.MISUSED);
  }

  @Test
  void eachWrongOptionIsOneSentenceAndAHintComesLast() {
    Run run = run(Map.of(), "--file-nam", "x", "--address", "host");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.output()).isEmpty();
    assertThat(run.errors().lines())
        .hasSize(4)
        .anySatisfy(line -> assertThat(line).startsWith("sample: ").contains("'--file-nam'"))
        .anySatisfy(line -> assertThat(line).startsWith("sample: ").contains("--file-name="))
        .anySatisfy(line -> assertThat(line).startsWith("sample: ").contains("'--address'"))
        .endsWith("Try 'sample --help' for all options.");
  }

  @Test
  void addressSaysWhatItHasToBe() {
    for (String wrong : List.of("", "host", ":80", "host:", "host:65536", "::1:80", "[host]:80")) {
      Run run = run(Map.of(), "--file-name", "x", "--address", wrong);
      assertThat(run.exitCode()).as(wrong).isEqualTo(2);
      assertThat(run.errors()).as(wrong).contains("--address", "(expected: ");
    }
  }

  @Test
  void helpAndVersionSucceed() {
    assertThat(run(Map.of(), "--help").exitCode()).isZero();
    assertThat(run(Map.of(), "--help").output()).contains("--file-name");
    assertThat(run(Map.of(), "--version").output()).startsWith("Fairlead ");
  }

  @Test
  void failureIsOneSentenceWithoutStackTrace(@TempDir Path directory) {
    Run run = Run.of(new Sample(new Refusal("no (expected: yes)")), "--file-name", "x");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.errors()).isEqualTo("sample: no (expected: yes)\n");
  }

  @Test
  void everythingOwnedIsClosedOnceTheLastOpenedFirst() {
    List<String> closed = new ArrayList<>();
    Lifetime lifetime = new Lifetime();
    lifetime.owns(() -> closed.add("first"));
    lifetime.owns(
        () -> {
          closed.add("second");
          throw new IllegalStateException("fails");
        });
    lifetime.owns(() -> closed.add("third"));
    lifetime.close();
    lifetime.close();
    assertThat(closed).containsExactly("third", "second", "first");
  }

  @Test
  void directoryOpenToOthersIsRefused(@TempDir Path directory) throws Exception {
    Path open = Files.createDirectory(directory.resolve("open"));
    Files.setPosixFilePermissions(
        open, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> PrivateFiles.makeDirectory(open))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("chmod 700");
  }
}
