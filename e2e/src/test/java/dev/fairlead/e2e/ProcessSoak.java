package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hub and agent as processes, over real TCP, while a line is long, cut, flickers and is pulled, one
 * of them is killed or stopped, a disk is full, and clocks jump: each of it at least once, in
 * another order each time, until {@code -Dsoak.until}, in seconds of the epoch. Afterwards all is
 * as it was. {@code -Dsoak.seed} has an order come again; {@code -Dsoak.faults} is a pattern of
 * those that are wanted.
 */
class ProcessSoak {

  private static final Logger log = LoggerFactory.getLogger(ProcessSoak.class);
  private static final Duration BACK = Duration.ofSeconds(60);

  private static final long UNTIL = Long.getLong("soak.until", 0);

  @ParameterizedTest
  @CsvSource({"'', 2", "wss://, 1"})
  @Timeout(value = 3, unit = TimeUnit.HOURS)
  void whateverBreaksIsToldAndLeavesNothingBehind(String scheme, int turns) throws Exception {
    long left = TimeUnit.SECONDS.toMillis(UNTIL) - System.currentTimeMillis();
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(left / turns);
    long seed = Long.getLong("soak.seed", System.currentTimeMillis());
    log.info("faults in the order of seed {}", seed);
    try (SoakSite site = new SoakSite(scheme);
        SoakUsers users = new SoakUsers(site)) {
      SoakFaults faults = new SoakFaults(site, users);
      faults.awaitWorking();
      SoakFaults.last(1);
      ProcessHoldings hub = ProcessHoldings.of(site.hub());
      ProcessHoldings agent = ProcessHoldings.of(site.agent());
      users.begin();
      int happened = happen(faults, users, new Random(seed), end);
      log.info("{} faults: {} answered, {} refused", happened, users.answered, users.refused);
      assertThat(users.answered.get()).isGreaterThan(100);
      users.close();
      awaitNoMore("hub", site.hub(), hub);
      awaitNoMore("agent", site.agent(), agent);
      assertThat(site.line.connections()).as("connections of agents").isLessThanOrEqualTo(2);
      assertThat(users.ask()).isEqualTo(200);
      assertThat(site.audited()).isEqualTo("intact");
    }
  }

  /** Each at least once; how many there were. What has begun is brought to its end. */
  private static int happen(SoakFaults faults, SoakUsers users, Random random, long end)
      throws Exception {
    int happened = 0;
    Predicate<String> wanted = Pattern.compile(System.getProperty("soak.faults", "")).asPredicate();
    List<SoakFaults.Fault> all = new ArrayList<>(faults.all());
    all.removeIf(fault -> !wanted.test(fault.name()));
    while (happened < all.size() || System.nanoTime() - end < 0) {
      if (happened % all.size() == 0) {
        Collections.shuffle(all, random);
      }
      SoakFaults.Fault fault = all.get(happened++ % all.size());
      log.info(fault.name());
      fault.happening().happen();
      assertThat(users.wrong).as("what came while " + fault.name()).isEmpty();
    }
    return happened;
  }

  private static void awaitNoMore(String who, long pid, ProcessHoldings before) {
    SoakFaults.await(
        who + " holds no more than " + before,
        BACK,
        () -> {
          ProcessHoldings now = ProcessHoldings.of(pid);
          log.info("{} before: {}, after: {}", who, before, now);
          return now.isNoMoreThan(before);
        });
  }
}
