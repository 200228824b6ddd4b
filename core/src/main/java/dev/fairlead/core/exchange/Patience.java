package dev.fairlead.core.exchange;

import dev.fairlead.core.request.KubernetesRequest;
import dev.fairlead.core.request.QueryParameters;
import dev.fairlead.core.request.RefusedRequestException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How long a request may take, by kube-apiserver's own rules: a minute, or less if {@code timeout=}
 * says so; for ever if it is one that lasts.
 */
final class Patience {

  private static final Duration LONGEST = Duration.ofMinutes(1);

  /** The API server keeps the same time, and its answer says more than ours: so it goes first. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  private Patience() {}

  /**
   * How long to wait for a request's end.
   *
   * @return a time, or null for ever
   * @throws RefusedRequestException if {@code timeout=} is no duration
   */
  static @Nullable Duration of(KubernetesRequest request, QueryParameters query) {
    if (request.isLongRunning()) {
      return null;
    }
    Duration longest = LONGEST;
    Optional<String> wanted = query.first("timeout").filter(text -> !text.isEmpty());
    if (wanted.isPresent()) {
      Duration said =
          GoDuration.parse(wanted.get())
              .orElseThrow(
                  () ->
                      RefusedRequestException.badRequest(
                          "timeout: no duration (expected: such as 30s or 1m)"));
      if (said.compareTo(Duration.ZERO) > 0 && said.compareTo(LONGEST) < 0) {
        longest = said;
      }
    }
    return longest.plus(GRACE);
  }
}
