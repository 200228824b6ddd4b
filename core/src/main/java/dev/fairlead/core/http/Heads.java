package dev.fairlead.core.http;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is done to heads on their way. */
public final class Heads {

  /** {@code :protocol}, the protocol an upgrade asks for, as in RFC 8441. */
  public static final AsciiString PROTOCOL = AsciiString.cached(":protocol");

  private static final AsciiString CONNECTION = AsciiString.cached("connection");
  private static final Set<AsciiString> HOP_BY_HOP =
      Set.of(
          CONNECTION,
          AsciiString.cached("keep-alive"),
          AsciiString.cached("proxy-connection"),
          AsciiString.cached("proxy-authenticate"),
          AsciiString.cached("proxy-authorization"),
          AsciiString.cached("te"),
          AsciiString.cached("trailer"),
          AsciiString.cached("transfer-encoding"),
          AsciiString.cached("upgrade"),
          AsciiString.cached("http2-settings"));

  private Heads() {}

  /**
   * An empty head whose names and values are not checked again.
   *
   * @return new headers
   */
  public static Http2Headers create() {
    return new DefaultHttp2Headers(false);
  }

  /**
   * A response's status.
   *
   * @param head a response's head
   * @return the status, or 502 if there is none or it is no number from 100 to 599
   */
  public static int status(Http2Headers head) {
    CharSequence status = head.status();
    if (status == null || status.length() != 3) {
      return 502;
    }
    int value = 0;
    for (int i = 0; i < 3; i++) {
      int digit = status.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return 502;
      }
      value = value * 10 + digit;
    }
    return value >= 100 && value <= 599 ? value : 502;
  }

  /**
   * The one value of a field.
   *
   * @param head a head
   * @param name the field's name in lower case
   * @return the first value as a string, or null
   */
  public static @Nullable String get(Http2Headers head, CharSequence name) {
    CharSequence value = head.get(name);
    return value == null ? null : value.toString();
  }

  /**
   * Removes the fields that concern one connection only: those of RFC 9110 section 7.6.1, and those
   * that the Connection field names.
   *
   * @param head changed in place; pseudo-header fields are kept, and cannot be named by Connection
   */
  public static void removeHopByHop(Http2Headers head) {
    List<CharSequence> nominated = new ArrayList<>();
    for (CharSequence value : head.getAll(CONNECTION)) {
      for (String name : value.toString().split(",", -1)) {
        String trimmed = name.strip();
        if (!trimmed.isEmpty() && trimmed.charAt(0) != ':') {
          nominated.add(AsciiString.of(trimmed).toLowerCase());
        }
      }
    }
    nominated.forEach(head::remove);
    HOP_BY_HOP.forEach(head::remove);
  }

  /**
   * Whether a head that no codec checked, as a peer of our own sent it, can be passed on to
   * anybody.
   *
   * @param head a head
   * @return true if names are tokens in lower case, perhaps after a colon, and values have no
   *     control characters
   */
  public static boolean isWellFormed(Http2Headers head) {
    for (Map.Entry<CharSequence, CharSequence> field : head) {
      if (!isName(field.getKey()) || !isValue(field.getValue())) {
        return false;
      }
    }
    return true;
  }

  private static boolean isName(CharSequence name) {
    int start = name.length() > 0 && name.charAt(0) == ':' ? 1 : 0;
    for (int i = start; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean token =
          (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
      if (!token) {
        return false;
      }
    }
    return name.length() > start;
  }

  private static boolean isValue(CharSequence value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if ((c < 0x20 && c != '\t') || c == 0x7f) {
        return false;
      }
    }
    return true;
  }
}
