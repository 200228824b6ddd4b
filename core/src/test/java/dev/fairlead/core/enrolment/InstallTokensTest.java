package dev.fairlead.core.enrolment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.InstallToken;
import dev.fairlead.api.InstallTokenInfo;
import dev.fairlead.api.InstallTokenInfo.State;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.IssuedInstallToken;
import dev.fairlead.api.NotFoundException;
import dev.fairlead.api.store.Stores;
import dev.fairlead.core.store.MemoryStores;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InstallTokensTest {

  private static final ClusterName EU = ClusterName.of("prod-eu");
  private static final Duration DAY = Duration.ofDays(1);

  private final Stores stores = MemoryStores.create();
  private Instant now = Instant.parse("2026-03-01T12:00:00Z");
  private final InstallTokens tokens = new InstallTokens(stores, () -> now, new SecureRandom());

  @BeforeEach
  void openStores() {
    stores.open();
  }

  @AfterEach
  void closeStores() {
    stores.close();
  }

  @Test
  void issuedTokenIsOfTheFormThatAgentsParse() {
    IssuedInstallToken issued = tokens.issue(EU, Map.of(), DAY);
    InstallToken parsed = InstallToken.parse(issued.token().reveal());
    assertThat(parsed.id()).isEqualTo(issued.info().id());
    assertThat(parsed.secret()).isEqualTo(issued.token().secret());
    assertThat(issued.info())
        .isEqualTo(new InstallTokenInfo(parsed.id(), EU, now, now.plus(DAY), State.OPEN));
    assertThat(tokens.list()).containsExactly(issued.info());
  }

  @Test
  void issuingAddsTheClusterWithItsLabels() {
    tokens.issue(EU, Map.of("tier", "gold"), DAY);
    tokens.issue(EU, Map.of("example.com/zone", ""), DAY);
    assertThat(stores.clusters().find(EU).orElseThrow().labels())
        .isEqualTo(Map.of("tier", "gold", "example.com/zone", ""));
  }

  @Test
  void refusesLivesOutOfRange() {
    for (Duration life :
        List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofDays(30).plusNanos(1))) {
      assertThatThrownBy(() -> tokens.issue(EU, Map.of(), life))
          .isInstanceOf(InvalidException.class)
          .hasMessageContainingAll(life.toString(), "at most 30 days");
    }
    assertThat(stores.clusters().list()).isEmpty();
    tokens.issue(EU, Map.of(), Duration.ofDays(30));
    tokens.issue(EU, Map.of(), Duration.ofNanos(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "A.b_c-9", "kubernetes.io/os", "a.b-c.d/Name", "x/y", "9"})
  void acceptsLabelKeysOfKubernetes(String key) {
    tokens.issue(EU, Map.of(key, "v"), DAY);
    assertThat(stores.clusters().find(EU).orElseThrow().labels()).containsOnlyKeys(key);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", " ", "-a", "a-", "a b", "ä", "/a", "a/", "a/b/c", "A/b", "a_b/c", ".a/b", "a..b/c",
        "a\n"
      })
  void refusesOtherLabelKeys(String key) {
    assertThatThrownBy(() -> tokens.issue(EU, Map.of(key, "v"), DAY))
        .isInstanceOf(InvalidException.class)
        .hasMessageContaining("label key")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    assertThat(stores.clusters().list()).isEmpty();
    assertThat(tokens.list()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"63, true", "64, false"})
  void labelNamesAndValuesHaveAtMost63Characters(int length, boolean accepted) {
    String longest = "a".repeat(length);
    for (Map<String, String> labels : List.of(Map.of(longest, ""), Map.of("k", longest))) {
      if (accepted) {
        tokens.issue(EU, labels, DAY);
      } else {
        assertThatThrownBy(() -> tokens.issue(EU, labels, DAY))
            .isInstanceOf(InvalidException.class);
      }
    }
  }

  @Test
  void listsEveryBadLabel() {
    assertThatThrownBy(() -> tokens.issue(EU, Map.of("a b", "ok", "k", "-bad", "good", "ok"), DAY))
        .isInstanceOf(InvalidException.class)
        .hasMessageContainingAll("\"a b\"", "\"k\"", "\"-bad\"")
        .hasMessageNotContaining("good");
  }

  @Test
  void refusesTooManyLabelsAndHugeOnesQuickly() {
    Map<String, String> many = new HashMap<>();
    for (int i = 0; i < 65; i++) {
      many.put("k" + i, "v");
    }
    assertThatThrownBy(() -> tokens.issue(EU, many, DAY))
        .isInstanceOf(InvalidException.class)
        .hasMessageContaining("65 labels");
    String hostile = "a-".repeat(100_000) + "!";
    assertThatThrownBy(() -> tokens.issue(EU, Map.of(hostile + "/" + hostile, hostile), DAY))
        .isInstanceOf(InvalidException.class)
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(1_000));
  }

  @Test
  void revokesByIdAndOnlyWhatExists() {
    IssuedInstallToken issued = tokens.issue(EU, Map.of(), DAY);
    tokens.revoke(issued.info().id());
    assertThat(tokens.list()).extracting(InstallTokenInfo::state).containsExactly(State.REVOKED);
    assertThatThrownBy(() -> tokens.revoke("0000000000000000"))
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  void forgetsTokensLongAfterTheyExpired() {
    String old = tokens.issue(EU, Map.of(), DAY).info().id();
    now = now.plus(Duration.ofDays(30));
    tokens.issue(EU, Map.of(), DAY);
    assertThat(tokens.list()).extracting(InstallTokenInfo::id).contains(old);
    now = now.plus(Duration.ofDays(2));
    tokens.issue(EU, Map.of(), DAY);
    assertThat(tokens.list()).extracting(InstallTokenInfo::id).doesNotContain(old).hasSize(2);
  }

  @Test
  void secretIsInNoTextAndNotInTheStore() {
    IssuedInstallToken issued = tokens.issue(EU, Map.of(), DAY);
    assertThat(issued.toString() + tokens.list()).doesNotContain(issued.token().secret());
  }
}
