package dev.fairlead.core.egress;

import dev.fairlead.api.InvalidException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which connections go through which HTTP proxy. What environment variables mean is what curl and
 * Go make of them: {@code HTTPS_PROXY} or {@code https_proxy} names the proxy; {@code NO_PROXY} or
 * {@code no_proxy} lists, between commas, what is reached without it: host names, which stand for
 * their subdomains too, addresses, networks such as {@code 10.0.0.0/8}, each perhaps with a port,
 * or {@code *} for everything. The loopback address is always reached without it.
 */
public final class EgressProxies {

  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  private static final EgressProxies NONE = new EgressProxies(null, List.of(), false);

  private final @Nullable EgressProxy proxy;
  private final List<String> exceptions;
  private final boolean loopbackToo;

  private EgressProxies(@Nullable EgressProxy proxy, List<String> exceptions, boolean loopbackToo) {
    this.proxy = proxy;
    this.exceptions = exceptions;
    this.loopbackToo = loopbackToo;
  }

  /**
   * Everything is reached directly.
   *
   * @return no proxies
   */
  public static EgressProxies none() {
    return NONE;
  }

  /**
   * Everything is reached through one proxy.
   *
   * @param proxy the proxy
   * @return one proxy, without exceptions
   */
  public static EgressProxies all(EgressProxy proxy) {
    return new EgressProxies(proxy, List.of(), true);
  }

  /**
   * What this process's environment says.
   *
   * @return as {@link #of}
   * @throws InvalidException as {@link #of}
   */
  public static EgressProxies environment() {
    return of(System.getenv());
  }

  /**
   * What an environment says.
   *
   * @param environment variables by name; those in lower case come first
   * @return its proxy, or none
   * @throws InvalidException if a variable names no usable proxy
   */
  public static EgressProxies of(Map<String, String> environment) {
    for (String name : List.of("https_proxy", "HTTPS_PROXY")) {
      String value = environment.getOrDefault(name, "");
      if (!value.isBlank()) {
        return new EgressProxies(
            EgressProxy.parse(name, value.strip()), exceptionsOf(environment), false);
      }
    }
    return NONE;
  }

  private static List<String> exceptionsOf(Map<String, String> environment) {
    String text = environment.getOrDefault("no_proxy", environment.getOrDefault("NO_PROXY", ""));
    List<String> exceptions = new ArrayList<>();
    for (String entry : text.split(",", -1)) {
      String trimmed = entry.strip().toLowerCase(Locale.ROOT);
      if (!trimmed.isEmpty()) {
        exceptions.add(trimmed);
      }
    }
    return exceptions;
  }

  /**
   * The proxy for a connection.
   *
   * @param host the name or address that is dialled; it is not looked up
   * @param port the port
   * @return the proxy, or empty to connect directly
   */
  public Optional<EgressProxy> towards(String host, int port) {
    if (proxy == null) {
      return Optional.empty();
    }
    String name = host.toLowerCase(Locale.ROOT);
    InetAddress address = literal(name);
    boolean loopback = name.equals("localhost") || (address != null && address.isLoopbackAddress());
    if (loopback && !loopbackToo) {
      return Optional.empty();
    }
    boolean excepted =
        exceptions.stream().anyMatch(exception -> matches(exception, name, address, port));
    return excepted ? Optional.empty() : Optional.of(proxy);
  }

  private static boolean matches(
      String exception, String name, @Nullable InetAddress address, int port) {
    if (exception.equals("*")) {
      return true;
    }
    int slash = exception.indexOf('/');
    if (slash > 0) {
      return address != null && inNetwork(exception, slash, address);
    }
    String rule = exception;
    int colon = rule.lastIndexOf(':');
    boolean bracketed = rule.startsWith("[");
    if (colon > 0 && (rule.indexOf(':') == colon || (bracketed && rule.charAt(colon - 1) == ']'))) {
      if (!rule.substring(colon + 1).equals(Integer.toString(port))) {
        return false;
      }
      rule = rule.substring(0, colon);
    }
    if (rule.startsWith("[") && rule.endsWith("]")) {
      rule = rule.substring(1, rule.length() - 1);
    }
    InetAddress excepted = literal(rule);
    if (excepted != null || address != null) {
      return address != null && address.equals(excepted);
    }
    String domain = rule.startsWith("*.") ? rule.substring(1) : rule;
    return domain.startsWith(".")
        ? name.endsWith(domain)
        : name.equals(domain) || name.endsWith("." + domain);
  }

  private static boolean inNetwork(String network, int slash, InetAddress address) {
    InetAddress base = literal(network.substring(0, slash));
    String bits = network.substring(slash + 1);
    if (base == null || !bits.matches("[0-9]{1,3}")) {
      return false;
    }
    byte[] one = base.getAddress();
    byte[] other = address.getAddress();
    int length = Integer.parseInt(bits);
    if (one.length != other.length || length > one.length * 8) {
      return false;
    }
    for (int bit = 0; bit < length; bit++) {
      int mask = 0x80 >> (bit & 7);
      if ((one[bit >> 3] & mask) != (other[bit >> 3] & mask)) {
        return false;
      }
    }
    return true;
  }

  private static @Nullable InetAddress literal(String text) {
    if (!ADDRESS.matcher(text).matches()
        || (text.indexOf(':') < 0 && text.split("\\.", -1).length != 4)) {
      return null;
    }
    try {
      // A text of four numbers, or with a colon, is a literal and never looked up.
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      return null;
    }
  }

  @Override
  public String toString() {
    return proxy == null ? "no proxy" : "proxy " + proxy + " but for " + exceptions;
  }
}
