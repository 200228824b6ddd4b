package dev.fairlead.e2e;

import static dev.fairlead.e2e.Step.interrupted;
import static dev.fairlead.e2e.Step.works;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** More commands that go on: with terminals, in other formats, many at once. */
final class TerminalSteps {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration DEADLINE = Duration.ofSeconds(90);
  private static final int CONNECTIONS = 20;

  /** Tells the terminal's size when it has become what it is to become. */
  private static final String SIZE =
      "echo ready; read name; i=0;"
          + " while [ \"$(stty size)\" != '40 123' ] && [ $i -lt 100 ]; do"
          + " i=$((i+1)); sleep 0.1; done; echo \"$name sees $(stty size)\"; sleep 0.5";

  private TerminalSteps() {}

  static List<Step> all() {
    return List.of(
        works("exec -it with a resize", TerminalSteps::terminal),
        works("port-forward with " + CONNECTIONS + " connections", TerminalSteps::forward),
        interrupted("attach", TerminalSteps::attach),
        interrupted("get -w --output json", lane -> watch(lane, "json")),
        interrupted("get -w --output yaml", lane -> watch(lane, "yaml")),
        interrupted("logs -f --all-containers", TerminalSteps::follow));
  }

  private static Outcome terminal(Lane lane) {
    Path program = Tools.checkout().resolve("e2e/src/test/python/terminal.py");
    Outcome outcome =
        Command.of(Tools.program("python3", "see https://www.python.org"), program.toString())
            .with("40", "123", "somebody", "--")
            .with(lane.here().command("exec", "-it", "solo", "--", "sh", "-c", SIZE).line())
            .env("HOME", lane.kubectl().home().toString())
            .run(DEADLINE);
    if (!outcome.stdout().contains("somebody sees 40 123")) {
      throw new AssertionError("expected: a terminal of 40 rows, found: " + outcome);
    }
    return outcome;
  }

  private static Outcome forward(Lane lane) {
    try (Running forwarding = lane.here().start("port-forward", "pod/solo", ":8080")) {
      URI address = StreamSteps.forwarded(forwarding);
      List<CompletableFuture<HttpResponse<byte[]>>> answers = new ArrayList<>();
      byte[] body = new byte[200_000];
      new Random(1).nextBytes(body);
      for (int i = 0; i < CONNECTIONS; i++) {
        HttpRequest request =
            HttpRequest.newBuilder(address)
                .version(HttpClient.Version.HTTP_1_1)
                .timeout(DEADLINE)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        answers.add(HttpClient.newHttpClient().sendAsync(request, BodyHandlers.ofByteArray()));
      }
      for (CompletableFuture<HttpResponse<byte[]>> answer : answers) {
        byte[] echoed = answer.orTimeout(90, TimeUnit.SECONDS).join().body();
        if (!Arrays.equals(body, echoed)) {
          throw new AssertionError("came back as " + echoed.length + " other bytes");
        }
      }
      return forwarding.interrupt();
    }
  }

  private static Outcome attach(Lane lane) {
    try (Running attached = lane.here().start("attach", "solo")) {
      String line = "attached in " + lane.namespace();
      // Nothing tells when the pod listens: so it is told again until it does.
      Awaitility.await("output of attach")
          .atMost(SOON)
          .pollInterval(Duration.ofMillis(500))
          .until(
              () -> {
                lane.plane().appendToPodLog(line);
                return attached.stdout().contains(line);
              });
      return StreamSteps.shortened(attached.interrupt(), line);
    }
  }

  private static Outcome watch(Lane lane, String format) {
    Kubectl here = lane.here();
    String name = "shown-as-" + format;
    here.run("create", "configmap", name, "--from-literal=colour=red").succeeded();
    try (Running watching = here.start("get", "configmap", name, "-w", "--output", format)) {
      watching.awaitStdout(text -> text.contains("red"), SOON);
      here.run("patch", "configmap", name, "-p", "{\"data\":{\"colour\":\"blue\"}}").succeeded();
      watching.awaitStdout(text -> text.contains("blue"), SOON);
      return watching.interrupt();
    }
  }

  private static Outcome follow(Lane lane) {
    Kubectl here = lane.here();
    try {
      String manifest =
          java.nio.file.Files.readString(Path.of(Lane.manifest("two-containers.yaml")));
      Path file = java.nio.file.Files.writeString(lane.files().resolve("two.yaml"), manifest);
      here.run("apply", "-f", file.toString()).succeeded();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    here.run("wait", "--for=condition=Ready", "pod/two", "--timeout=60s").succeeded();
    try (Running following =
        here.start("logs", "-f", "two", "--all-containers", "--prefix", "--tail=1")) {
      String line = "told to all in " + lane.namespace();
      following.awaitStdout(text -> text.contains("/one]") && text.contains("/other]"), SOON);
      lane.plane().appendToPodLog(line);
      following.awaitStdout(
          text -> text.contains("two/one] " + line) && text.contains("two/other] " + line), SOON);
      return StreamSteps.shortened(following.interrupt(), line);
    }
  }
}
