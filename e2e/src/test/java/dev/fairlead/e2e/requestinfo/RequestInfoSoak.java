package dev.fairlead.e2e.requestinfo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** As many requests as {@code soak.requests} says, each run with other ones. */
class RequestInfoSoak {

  private static final Logger log = LoggerFactory.getLogger(RequestInfoSoak.class);
  private static final int REQUESTS = Integer.getInteger("soak.requests", 20_000);
  private static final int BATCH = 5_000;

  @Test
  @Timeout(value = 2, unit = TimeUnit.HOURS)
  void requestsAreReadAsTheApiServerReadsThem() {
    long seed = Long.getLong("soak.seed", System.currentTimeMillis());
    Comparison comparison = new Comparison();
    try (KubernetesResolver resolver = KubernetesResolver.start()) {
      compare(resolver, new Questions(seed), REQUESTS, comparison);
    } finally {
      log.info("{} readings with seed {}: {}", REQUESTS, seed, comparison);
    }
    comparison.holds();
  }

  static void compare(
      KubernetesResolver resolver, Questions questions, int cases, Comparison comparison) {
    for (int left = cases; left > 0; left -= BATCH) {
      List<Question> batch = new ArrayList<>();
      for (int i = Math.min(left, BATCH); i > 0; i--) {
        batch.add(questions.next());
      }
      List<JsonNode> answers = resolver.ask(batch);
      for (int i = 0; i < batch.size(); i++) {
        comparison.add(batch.get(i), Reading.of(answers.get(i)));
      }
    }
  }
}
