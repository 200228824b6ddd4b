package dev.fairlead.core.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MicroTimeTest {

  private static final DateTimeFormatter EXPECTED =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  @ParameterizedTest
  @CsvSource({
    "2026-01-01T00:00:00Z, 2026-01-01T00:00:00.000000Z",
    "2026-11-28T16:05:09.000001999Z, 2026-11-28T16:05:09.000001Z",
    "1969-12-31T23:59:59.999999999Z, 1969-12-31T23:59:59.999999Z",
    "0000-01-01T00:00:00Z, 0000-01-01T00:00:00.000000Z",
    "+10000-01-01T00:00:00Z, +10000-01-01T00:00:00.000000Z",
  })
  void hasSixDigitsOfASecond(Instant at, String text) {
    assertThat(MicroTime.text(at)).isEqualTo(text);
  }

  @Test
  void isWhatAFormatterSays() {
    Random random = new Random(1);
    for (int i = 0; i < 1_000; i++) {
      Instant at = Instant.ofEpochSecond(random.nextLong() >> 26, random.nextInt(1_000_000_000));
      assertThat(MicroTime.text(at)).isEqualTo(EXPECTED.format(at));
    }
  }
}
