package dev.fairlead.core.audit;

import dev.fairlead.api.InvalidException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How audit events are sent over HTTP.
 *
 * @param uri where to; https, or http to this host
 * @param headers fields of each request, such as {@code authorization}; not shown by {@link
 *     #toString}
 * @param tls whom to trust and who to be, or null for the JDK's own
 * @param capacity how many events may wait to be sent; 1 to 1,000,000
 * @param batch how many events one request holds at most; 1 to 10,000
 * @param attempts how often a batch is sent until it is given up; 1 to 100
 * @param firstPause how long to wait after the first failure; each further wait is twice as long
 * @param longestPause how long to wait at most, at least the first pause, at most 10 minutes
 * @param timeout how long one request may take; 1 ms to 5 minutes
 */
public record HttpDelivery(
    URI uri,
    Map<String, String> headers,
    @Nullable SSLContext tls,
    int capacity,
    int batch,
    int attempts,
    Duration firstPause,
    Duration longestPause,
    Duration timeout) {

  private static final Set<String> THIS_HOST = Set.of("localhost", "127.0.0.1", "[::1]");

  /**
   * Checks and copies the parts.
   *
   * @throws InvalidException if one is out of range; the message lists every mistake
   */
  public HttpDelivery {
    Objects.requireNonNull(uri, "uri");
    Map<String, String> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    copy.putAll(headers);
    headers = java.util.Collections.unmodifiableMap(copy);
    List<String> mistakes = new ArrayList<>();
    String host = uri.getHost();
    if (host == null
        || uri.getUserInfo() != null
        || !("https".equals(uri.getScheme())
            || ("http".equals(uri.getScheme()) && THIS_HOST.contains(host)))) {
      mistakes.add("uri: of another form (expected: https://HOST…, or http to this host)");
    }
    within("capacity", capacity, 1, 1_000_000, mistakes);
    within("batch", batch, 1, 10_000, mistakes);
    within("attempts", attempts, 1, 100, mistakes);
    within("firstPause", firstPause, Duration.ZERO, longestPause, mistakes);
    within("longestPause", longestPause, Duration.ZERO, Duration.ofMinutes(10), mistakes);
    within("timeout", timeout, Duration.ofMillis(1), Duration.ofMinutes(5), mistakes);
    if (!mistakes.isEmpty()) {
      throw new InvalidException("audit over HTTP: " + String.join("; ", mistakes));
    }
  }

  private static <T extends Comparable<T>> void within(
      String name, T value, T least, T most, List<String> mistakes) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      mistakes.add(name + ": " + value + " (expected: " + least + " to " + most + ")");
    }
  }

  /**
   * For those who have no wishes: 10,000 events wait, 400 in a batch, 5 attempts of 10 s with
   * pauses of 0.2 to 10 s.
   *
   * @param uri where to
   * @return the delivery
   */
  public static HttpDelivery to(URI uri) {
    return new HttpDelivery(
        uri,
        Map.of(),
        null,
        10_000,
        400,
        5,
        Duration.ofMillis(200),
        Duration.ofSeconds(10),
        Duration.ofSeconds(10));
  }

  /**
   * The same with one more field.
   *
   * @param name the field's name
   * @param value its value, which may be a secret
   * @return a new delivery
   */
  public HttpDelivery withHeader(String name, String value) {
    Map<String, String> more = new TreeMap<>(headers);
    more.put(name, value);
    return new HttpDelivery(
        uri, more, tls, capacity, batch, attempts, firstPause, longestPause, timeout);
  }

  /**
   * The same with other trust.
   *
   * @param context whom to trust and who to be
   * @return a new delivery
   */
  public HttpDelivery withTls(SSLContext context) {
    return new HttpDelivery(
        uri, headers, context, capacity, batch, attempts, firstPause, longestPause, timeout);
  }

  /**
   * The same with other bounds.
   *
   * @param waiting how many events may wait to be sent
   * @param together how many events one request holds at most
   * @return a new delivery
   */
  public HttpDelivery withRoom(int waiting, int together) {
    return new HttpDelivery(
        uri, headers, tls, waiting, together, attempts, firstPause, longestPause, timeout);
  }

  /**
   * The same with another patience.
   *
   * @param times how often a batch is sent until it is given up
   * @param first how long to wait after the first failure
   * @param longest how long to wait at most
   * @param each how long one request may take
   * @return a new delivery
   */
  public HttpDelivery withPatience(int times, Duration first, Duration longest, Duration each) {
    return new HttpDelivery(uri, headers, tls, capacity, batch, times, first, longest, each);
  }

  @Override
  public String toString() {
    return "HttpDelivery[" + uri.getHost() + ", headers " + headers.keySet() + "]";
  }
}
