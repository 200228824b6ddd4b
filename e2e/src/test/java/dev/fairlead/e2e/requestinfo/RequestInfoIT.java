package dev.fairlead.e2e.requestinfo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** Asks the API server's own code. */
@TestInstance(Lifecycle.PER_CLASS)
class RequestInfoIT {

  private static final int CASES = 50_000;

  private KubernetesResolver resolver;

  @BeforeAll
  void start() {
    resolver = KubernetesResolver.start();
  }

  @AfterAll
  void stop() {
    resolver.close();
  }

  @Test
  void recordsAreWhatItAnswers() {
    List<Question> questions = Records.questions();
    List<JsonNode> answers = resolver.ask(questions);
    if (Boolean.getBoolean("requestinfo.record")) {
      Records.write(questions, answers);
    }
    assertThat(Records.read().stream().map(Records.Recorded::answer).toList()).isEqualTo(answers);
  }

  @Test
  void requestsByASeedAreReadAlike() {
    Comparison comparison = new Comparison();
    RequestInfoSoak.compare(resolver, new Questions(20_261_128L), CASES, comparison);
    comparison.holds();
  }
}
