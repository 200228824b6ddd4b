package dev.fairlead.core.egress;

import dev.fairlead.api.InvalidException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An HTTP proxy that opens connections by CONNECT (RFC 9110, 9.3.6). */
public final class EgressProxy {

  private static final int DEFAULT_PORT = 80;

  private final String host;
  private final int port;
  private final @Nullable String user;
  private final String password;

  private EgressProxy(String host, int port, @Nullable String user, String password) {
    this.host = host;
    this.port = port;
    this.user = user;
    this.password = password;
  }

  /**
   * A proxy that asks for nothing.
   *
   * @param host its name or address
   * @param port 1-65535
   * @return the proxy
   * @throws InvalidException if the port is out of range
   */
  public static EgressProxy at(String host, int port) {
    return checked(host, port, null, "");
  }

  /**
   * The same with Basic authentication (RFC 7617).
   *
   * @param newUser without a colon
   * @param newPassword never shown
   * @return a new proxy
   * @throws InvalidException if the user has a colon
   */
  public EgressProxy authenticating(String newUser, String newPassword) {
    return checked(host, port, Objects.requireNonNull(newUser, "user"), newPassword);
  }

  private static EgressProxy checked(
      String host, int port, @Nullable String user, String password) {
    if (host.isEmpty() || port < 1 || port > 65_535) {
      throw new InvalidException("proxy: port " + port + " (expected: a host and 1-65535)");
    }
    if (user != null && user.indexOf(':') >= 0) {
      throw new InvalidException("proxy: a user with a colon (expected: none, see RFC 7617)");
    }
    return new EgressProxy(host, port, user, password);
  }

  /**
   * Reads a proxy as environment variables have it.
   *
   * @param source where it stands, for messages
   * @param text {@code http://user:password@host:port}, in which all but the host may be missing
   * @return the proxy
   * @throws InvalidException if it is none; the message does not repeat the text, which may hold a
   *     password
   */
  public static EgressProxy parse(String source, String text) {
    String withScheme = text.contains("://") ? text : "http://" + text;
    URI uri;
    try {
      uri = new URI(withScheme);
    } catch (URISyntaxException e) {
      throw refused(source, "not a URL");
    }
    if (!"http".equalsIgnoreCase(uri.getScheme())) {
      throw refused(source, "scheme " + uri.getScheme());
    }
    String name = uri.getHost();
    if (name == null) {
      throw refused(source, "no host");
    }
    if (name.startsWith("[")) {
      name = name.substring(1, name.length() - 1);
    }
    EgressProxy proxy = at(name, uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort());
    String userInfo = uri.getRawUserInfo();
    if (userInfo == null) {
      return proxy;
    }
    int colon = userInfo.indexOf(':');
    return proxy.authenticating(
        decoded(colon < 0 ? userInfo : userInfo.substring(0, colon)),
        colon < 0 ? "" : decoded(userInfo.substring(colon + 1)));
  }

  private static InvalidException refused(String source, String found) {
    return new InvalidException(
        source + ": " + found + " (expected: http://[user:password@]host:port)");
  }

  /** Percent-decoding, in which a plus is a plus. */
  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /**
   * Where it is.
   *
   * @return its name or address
   */
  public String host() {
    return host;
  }

  /**
   * Where it is.
   *
   * @return 1-65535
   */
  public int port() {
    return port;
  }

  /**
   * Who uses it.
   *
   * @return the user of Basic authentication, or empty
   */
  public Optional<String> user() {
    return Optional.ofNullable(user);
  }

  /**
   * The secret of Basic authentication. Never to be shown.
   *
   * @return the password; empty if there is none
   */
  public String revealPassword() {
    return password;
  }

  /**
   * What proves the user to the proxy. Never to be shown.
   *
   * @return the value of Proxy-Authorization, or empty
   */
  public Optional<String> authorization() {
    return user().map(name -> "Basic " + base64(name + ":" + password));
  }

  private static String base64(String credentials) {
    return Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
  }

  /** Host and port, without user and password. */
  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
