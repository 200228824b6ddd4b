package dev.fairlead.e2e.requestinfo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RecordedRequestInfoTest {

  @Test
  void requestsAreReadAsTheApiServerReadThem() {
    List<Records.Recorded> records = Records.read();
    assertThat(records.stream().map(Records.Recorded::question).toList())
        .as("if the questions changed, run RequestInfoIT with -Drequestinfo.record=true")
        .isEqualTo(Records.questions());
    Comparison comparison = new Comparison();
    records.forEach(one -> comparison.add(one.question(), Reading.of(one.answer())));
    comparison.holds();
  }
}
