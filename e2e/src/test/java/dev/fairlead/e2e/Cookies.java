package dev.fairlead.e2e;

import java.net.CookieHandler;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The cookies of one site on this machine. Browsers send cookies that are for secure connections
 * only to a loopback address over http, too; the JDK's own handler does not.
 */
final class Cookies extends CookieHandler {

  private final Map<String, String> jar = new LinkedHashMap<>();

  @Override
  public synchronized Map<String, List<String>> get(URI uri, Map<String, List<String>> request) {
    return jar.isEmpty()
        ? Map.of()
        : Map.of(
            "Cookie",
            List.of(
                jar.entrySet().stream()
                    .map(one -> one.getKey() + "=" + one.getValue())
                    .collect(Collectors.joining("; "))));
  }

  @Override
  public synchronized void put(URI uri, Map<String, List<String>> response) {
    response.forEach(
        (name, values) -> {
          if ("set-cookie".equalsIgnoreCase(name)) {
            values.forEach(this::take);
          }
        });
  }

  private void take(String cookie) {
    String pair = cookie.split(";", 2)[0];
    int equals = pair.indexOf('=');
    jar.put(pair.substring(0, equals), pair.substring(equals + 1));
  }
}
