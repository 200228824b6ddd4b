package dev.fairlead.testkit.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.tls.Newcomers;
import dev.fairlead.core.tls.Pace;
import dev.fairlead.testkit.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class NewcomersTest {

  private static final Duration GRACE = Duration.ofSeconds(2);

  private final ManualTime time = ManualTime.create();
  private final List<Boolean> told = new ArrayList<>();
  private final List<String> gaveWay = new ArrayList<>();
  private final Pace pace = new Pace();

  private Newcomers withGrace(int most) {
    pace.add(told::add);
    return new Newcomers(most, time, GRACE, pace);
  }

  private void come(Newcomers newcomers, String... names) {
    for (String name : names) {
      newcomers.add(name, () -> gaveWay.add(name));
    }
  }

  @Test
  void ofTooManyTheOldestGivesWay() {
    Newcomers newcomers = new Newcomers(2);
    come(newcomers, "a", "b", "c");
    assertThat(gaveWay).containsExactly("a");
    assertThat(newcomers.size()).isEqualTo(2);
    assertThat(newcomers.remove("a")).isFalse();
    assertThat(newcomers.remove("b")).isTrue();
  }

  @Test
  void withinItsGraceNobodyGivesWayAndTheDoorIsHeld() {
    Newcomers newcomers = withGrace(2);
    come(newcomers, "a");
    assertThat(told).isEmpty();
    come(newcomers, "b", "c");
    assertThat(told).containsExactly(false);
    assertThat(gaveWay).isEmpty();
    time.advance(GRACE.minusMillis(1));
    assertThat(gaveWay).isEmpty();
  }

  @Test
  void theDoorTakesMoreWhenOneCameToSomething() {
    Newcomers newcomers = withGrace(2);
    come(newcomers, "a", "b", "c");
    newcomers.remove("b");
    assertThat(told).as("there are as many as may be").containsExactly(false);
    newcomers.remove("a");
    assertThat(told).containsExactly(false, true);
    assertThat(time.scheduled()).isZero();
    time.advance(GRACE);
    assertThat(gaveWay).isEmpty();
  }

  @Test
  void theOldestGivesWayAfterItsGrace() {
    Newcomers newcomers = withGrace(2);
    come(newcomers, "a");
    time.advance(Duration.ofSeconds(1));
    come(newcomers, "b", "c");
    time.advance(Duration.ofSeconds(1));
    assertThat(gaveWay).containsExactly("a");
    assertThat(told).as("two are within their grace").containsExactly(false);
    time.advance(Duration.ofSeconds(1));
    assertThat(gaveWay).as("one is enough").containsExactly("a", "b");
    assertThat(told).containsExactly(false, true);
  }

  @Test
  void whoeverComesFindsThatTheGraceOfOthersIsOver() {
    Newcomers newcomers = withGrace(2);
    come(newcomers, "a");
    time.advance(GRACE);
    come(newcomers, "b");
    assertThat(gaveWay).containsExactly("a");
    assertThat(told).isEmpty();
  }

  @Test
  void aDoorThatDoesNotPauseOverrunsNobody() {
    Newcomers newcomers = withGrace(2);
    for (int i = 0; i < 10_000; i++) {
      come(newcomers, "n" + i);
    }
    assertThat(newcomers.size()).isLessThan(300);
    assertThat(gaveWay.get(0)).isEqualTo("n0");
  }

  @Test
  void aDoorIsHeldAsLongAsAnybodyHoldsIt() {
    pace.add(told::add);
    pace.hold("one");
    pace.hold("one");
    pace.hold("two");
    pace.release("one");
    assertThat(told).containsExactly(false);
    pace.release("two");
    pace.release("two");
    assertThat(told).containsExactly(false, true);
  }

  @Test
  void aDoorThatIsAddedWhileHeldPauses() {
    pace.hold("one");
    pace.add(told::add);
    assertThat(told).containsExactly(false);
  }
}
