package dev.fairlead.core.exchange;

import dev.fairlead.core.http.Heads;
import dev.fairlead.core.status.KubernetesStatus;
import dev.fairlead.core.status.StatusReason;
import io.netty.handler.codec.http.HttpHeaderNames;

/**
 * How much a request may bring: well above what an API server takes, so that its own answer is seen
 * first, but not without end. What is behind a {@code proxy} may bring any amount, and so may a
 * session.
 */
final class BodySize {

  /** In bytes: 16 MiB. An API server takes 3. */
  static final long MOST = 16L << 20;

  static final KubernetesStatus REFUSAL =
      KubernetesStatus.of(
          StatusReason.REQUEST_ENTITY_TOO_LARGE,
          "body: more than " + MOST + " bytes (expected: at most that)");

  private BodySize() {}

  /** Whether a request says beforehand that it brings too much. */
  static boolean isTooLarge(Exchange exchange) {
    if (exchange.request().isLongRunning()) {
      return false;
    }
    String length = Heads.get(exchange.head(), HttpHeaderNames.CONTENT_LENGTH);
    if (length == null || !length.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return false;
    }
    return length.length() > 18 || (!length.isEmpty() && Long.parseLong(length) > MOST);
  }
}
