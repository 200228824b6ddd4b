package dev.fairlead.e2e;

import static dev.fairlead.e2e.Step.failsHere;
import static dev.fairlead.e2e.Step.interrupted;
import static dev.fairlead.e2e.Step.works;
import static dev.fairlead.e2e.Step.worksHere;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Commands whose bytes flow while one looks on: exec, cp, port-forward, logs -f, get -w. */
final class StreamSteps {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration DEADLINE = Duration.ofSeconds(90);
  private static final Duration FORWARDING = Duration.ofSeconds(30);
  private static final int STDIN_BYTES = 20 << 20;
  private static final int MUCH = 200 << 20;
  private static final int OUTPUT_BYTES = 50 << 20;
  private static final Pattern LISTENING = Pattern.compile("127\\.0\\.0\\.1:(\\d+) ->");

  private StreamSteps() {}

  static List<Step> all() {
    return List.of(
        worksHere("exec", "solo", "--", "sh", "-c", "echo out; echo err >&2"),
        failsHere("exec", "solo", "--", "sh", "-c", "exit 3"),
        failsHere("exec", "solo", "--", "nosuchprogram"),
        failsHere("exec", "nosuchpod", "--", "true"),
        worksHere("exec", "deployment/web", "--", "echo", "of a deployment"),
        works("exec with 20 MB of standard input", StreamSteps::execReads),
        works("exec with 50 MB of output", StreamSteps::execWrites),
        works("exec answers line by line", StreamSteps::execConverses),
        works("cp to the pod and back", StreamSteps::copy),
        works("cp of 200 MB to the pod and back", StreamSteps::copyMuch),
        works("cp of a directory", StreamSteps::copyDirectory),
        works("port-forward", StreamSteps::forward),
        interrupted("get -w", StreamSteps::watch),
        interrupted("logs -f", StreamSteps::follow));
  }

  /** Whether tens of megabytes are moved. */
  static boolean isLarge(Step step) {
    return step.title().contains(" MB ") || step.title().equals("cp to the pod and back");
  }

  /** Whether hundreds of megabytes are moved. */
  static boolean isHuge(Step step) {
    return step.title().contains(" 200 MB ");
  }

  private static Outcome execReads(Lane lane) {
    Path file = random(lane.files().resolve("stdin"), STDIN_BYTES);
    Outcome outcome =
        lane.here()
            .command(
                "exec", "-i", "solo", "--", "sh", "-c", "head -c " + STDIN_BYTES + " | sha256sum")
            .stdin(file)
            .run(DEADLINE);
    return expecting(outcome, outcome.stdout().startsWith(Digests.sha256(file)), "the file's hash");
  }

  private static Outcome execWrites(Lane lane) {
    String command = "yes 0123456789abcde | head -c " + OUTPUT_BYTES;
    Outcome outcome = lane.runHere("exec", "solo", "--", "sh", "-c", command);
    expecting(outcome, outcome.stdout().length() == OUTPUT_BYTES, OUTPUT_BYTES + " bytes");
    return shortened(outcome, Digests.sha256(outcome.stdout()));
  }

  private static Outcome execConverses(Lane lane) {
    Path pipe = lane.files().resolve("conversation");
    Command.of(Path.of("/usr/bin/mkfifo"), pipe.toString()).run(SOON).succeeded();
    try (Running echo =
        Command.of(Path.of("/bin/sh"), "-c", "exec \"$@\" < \"$0\"", pipe.toString())
            .with(
                lane.here()
                    .command(
                        "exec",
                        "-i",
                        "solo",
                        "--",
                        "sh",
                        "-c",
                        "read a; echo 1$a; read b; echo 2$b")
                    .line())
            .env("HOME", lane.kubectl().home().toString())
            .start()) {
      try (var in = Files.newBufferedWriter(pipe)) {
        in.write("one\n");
        in.flush();
        echo.awaitStdout(text -> text.contains("1one"), SOON);
        in.write("two\n");
        in.flush();
        echo.awaitStdout(text -> text.contains("2two"), SOON);
        return echo.awaitEnd(SOON);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Outcome copy(Lane lane) {
    return copy(lane, STDIN_BYTES);
  }

  private static Outcome copyMuch(Lane lane) {
    return copy(lane, MUCH);
  }

  private static Outcome copy(Lane lane, int bytes) {
    Path file = random(lane.files().resolve("up"), bytes);
    Path back = lane.files().resolve("back");
    String remote = lane.namespace() + "-copied";
    Outcome up = lane.runHere("cp", file.toString(), "solo:" + remote).succeeded();
    Outcome down = lane.runHere("cp", "solo:" + remote, back.toString()).succeeded();
    expecting(up, same(file, lane.plane().work().resolve(remote)), "the same file in the pod");
    expecting(down, same(file, back), "the same file again");
    delete(file, back, lane.plane().work().resolve(remote));
    return joined(up, down);
  }

  private static void delete(Path... files) {
    try {
      for (Path file : files) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Outcome copyDirectory(Lane lane) {
    try {
      Path directory = Files.createDirectories(lane.files().resolve("tree/deep/deeper"));
      for (int i = 0; i < 50; i++) {
        Files.writeString(directory.resolve("file-" + i), "content " + i);
      }
      Path tree = lane.files().resolve("tree");
      Path back = lane.files().resolve("tree-back");
      String remote = lane.namespace() + "-tree";
      Outcome up = lane.runHere("cp", tree.toString(), "solo:" + remote).succeeded();
      Outcome down = lane.runHere("cp", "solo:" + remote, back.toString()).succeeded();
      for (int i = 0; i < 50; i++) {
        String name = "deep/deeper/file-" + i;
        expecting(down, same(tree.resolve(name), back.resolve(name)), name + " again");
      }
      return joined(up, down);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Outcome forward(Lane lane) {
    try (Running forwarding = lane.here().start("port-forward", "pod/solo", ":8080")) {
      URI address = forwarded(forwarding);
      HttpClient client = HttpClient.newHttpClient();
      for (int size : new int[] {0, 10, 5_000_000}) {
        byte[] body = new byte[size];
        new Random(size).nextBytes(body);
        HttpRequest request =
            HttpRequest.newBuilder(address)
                .version(HttpClient.Version.HTTP_1_1)
                .timeout(DEADLINE)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        byte[] echoed = client.send(request, BodyHandlers.ofByteArray()).body();
        if (!java.util.Arrays.equals(body, echoed)) {
          throw new AssertionError(size + " bytes came back as " + echoed.length + " others");
        }
      }
      return forwarding.interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** Where something listens that leads to the pod. */
  static URI forwarded(Running forwarding) {
    String output = forwarding.awaitStdout(text -> LISTENING.matcher(text).find(), FORWARDING);
    Matcher address = LISTENING.matcher(output);
    if (!address.find()) {
      throw new AssertionError("expected: an address to connect to, found: " + output);
    }
    return URI.create("http://127.0.0.1:" + address.group(1) + "/echo");
  }

  private static Outcome watch(Lane lane) {
    Kubectl here = lane.here();
    here.run("create", "configmap", "seen-before").succeeded();
    here.run("label", "configmap", "seen-before", "watched=yes").succeeded();
    try (Running watching =
        here.start("get", "configmaps", "-w", "-l", "watched=yes", "--output-watch-events")) {
      watching.awaitStdout(text -> text.contains("ADDED"), SOON);
      here.run("annotate", "configmap", "seen-before", "changed=yes").succeeded();
      watching.awaitStdout(text -> text.contains("MODIFIED"), SOON);
      here.run("delete", "configmap", "seen-before").succeeded();
      watching.awaitStdout(text -> text.contains("DELETED"), SOON);
      return watching.interrupt();
    }
  }

  private static Outcome follow(Lane lane) {
    try (Running following = lane.here().start("logs", "-f", "solo", "--tail=1")) {
      following.awaitStdout(text -> text.endsWith("\n"), SOON);
      String line = "appended for " + lane.namespace();
      lane.plane().appendToPodLog(line);
      following.awaitStdout(text -> text.contains(line), SOON);
      Outcome outcome = following.interrupt();
      // The other lane's line may have come before or after: all pods share one log.
      return shortened(outcome, line);
    }
  }

  static Path random(Path file, int bytes) {
    byte[] some = new byte[1 << 16];
    Random random = new Random(bytes);
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int left = bytes; left > 0; left -= some.length) {
        random.nextBytes(some);
        out.write(some, 0, Math.min(left, some.length));
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean same(Path one, Path other) {
    try {
      return Files.mismatch(one, other) < 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Outcome expecting(Outcome outcome, boolean met, String expected) {
    if (!met) {
      throw new AssertionError("expected: " + expected + ", found: " + outcome);
    }
    return outcome;
  }

  static Outcome shortened(Outcome outcome, String stdout) {
    return new Outcome(
        outcome.command(), outcome.exitCode(), stdout, outcome.stderr(), outcome.took());
  }

  static Outcome joined(Outcome one, Outcome other) {
    return new Outcome(
        one.command() + "; " + other.command(),
        Math.max(one.exitCode(), other.exitCode()),
        one.stdout() + other.stdout(),
        one.stderr() + other.stderr(),
        one.took().plus(other.took()));
  }
}
