package dev.fairlead.e2e.requestinfo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the API server's code answered when it was asked last: the requests of its own tests, and
 * some thousands by a seed. One JSON object a line.
 */
final class Records {

  private static final String FILE = "e2e/src/test/resources/requestinfo.jsonl";
  private static final int BY_SEED = 4_000;
  private static final long SEED = 31L;

  /** A request and the answer. */
  record Recorded(Question question, JsonNode answer) {}

  private Records() {}

  static Path checkout() {
    Path here = Path.of("").toAbsolutePath();
    for (Path place = here; place != null; place = place.getParent()) {
      if (Files.exists(place.resolve("mvnw"))) {
        return place;
      }
    }
    throw new AssertionError(here + ": not in a checkout (expected: mvnw in it or above it)");
  }

  /** The requests of which the answers are kept. */
  static List<Question> questions() {
    List<Question> all = new ArrayList<>(PublishedTable.QUESTIONS);
    Questions bySeed = new Questions(SEED);
    for (int i = 0; i < BY_SEED; i++) {
      all.add(bySeed.next());
    }
    return all;
  }

  static List<Recorded> read() {
    List<Recorded> all = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(checkout().resolve(FILE))) {
        JsonNode json = Question.JSON.readTree(line);
        all.add(new Recorded(Question.of(json), json.required("answer")));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }

  static void write(List<Question> questions, List<JsonNode> answers) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < questions.size(); i++) {
      ObjectNode line = questions.get(i).json();
      line.set("answer", answers.get(i));
      lines.append(line).append('\n');
    }
    try {
      Path file = checkout().resolve(FILE);
      Files.createDirectories(file.getParent());
      Files.writeString(file, lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
