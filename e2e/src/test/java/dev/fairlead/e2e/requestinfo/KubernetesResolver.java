package dev.fairlead.e2e.requestinfo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.core.pipe.DaemonThreads;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The API server's own reading of requests: a small Go program, built here. */
final class KubernetesResolver implements AutoCloseable {

  private static final int MINUTES = 10;

  private final Path program;
  private final Process process;
  private final BufferedReader answers;
  private final ThreadPoolExecutor writer = DaemonThreads.one("questions");

  private KubernetesResolver(Path program, Process process) {
    this.program = program;
    this.process = process;
    this.answers = process.inputReader(StandardCharsets.UTF_8);
  }

  static KubernetesResolver start() {
    try {
      Path program = Files.createTempFile("requestinfo", "");
      build(program);
      return new KubernetesResolver(
          program,
          new ProcessBuilder(program.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  private static void build(Path program) throws IOException, InterruptedException {
    Process build;
    try {
      build =
          new ProcessBuilder("go", "build", "-o", program.toString(), ".")
              .directory(Records.checkout().resolve("e2e/src/test/go/requestinfo").toFile())
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      throw new AssertionError("no go on the PATH: see https://go.dev/dl", e);
    }
    StringBuilder said = new StringBuilder();
    try (BufferedReader out =
        new BufferedReader(new InputStreamReader(build.getInputStream(), StandardCharsets.UTF_8))) {
      out.lines().forEach(line -> said.append(line).append('\n'));
    }
    if (!build.waitFor(MINUTES, TimeUnit.MINUTES) || build.exitValue() != 0) {
      build.destroyForcibly();
      throw new AssertionError("go build of the resolver failed:\n" + said);
    }
  }

  /** Asks about all of them; the answers are in the same order. */
  List<JsonNode> ask(List<Question> questions) {
    // Written beside, as neither side has room for all that the other has to say.
    CompletableFuture<Void> written = CompletableFuture.runAsync(() -> write(questions), writer);
    try {
      List<JsonNode> all = new ArrayList<>(questions.size());
      for (int i = 0; i < questions.size(); i++) {
        String line = answers.readLine();
        if (line == null) {
          throw new AssertionError("the resolver ended after " + i + " answers");
        }
        all.add(Question.JSON.readTree(line));
      }
      written.join();
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(List<Question> questions) {
    try {
      OutputStream out = process.getOutputStream();
      for (Question question : questions) {
        out.write((question.json() + "\n").getBytes(StandardCharsets.UTF_8));
      }
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    writer.shutdownNow();
    try {
      Files.deleteIfExists(program);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
