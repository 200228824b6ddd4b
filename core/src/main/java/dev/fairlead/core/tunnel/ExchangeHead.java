package dev.fairlead.core.tunnel;

import dev.fairlead.api.Identity;
import dev.fairlead.api.InvalidException;
import dev.fairlead.core.http.Heads;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The head of an exchange: the user's own head, and beside it who the request runs as.
 *
 * <p>On the wire the latter are pseudo-header fields of our own. Their values are UTF-8, with bytes
 * other than visible ASCII, and {@code %} and {@code =}, written as {@code %XX}.
 *
 * @param identity who the request runs as
 * @param auditId the request's id in the hub's audit trail
 * @param head the user's head, with {@code :method}, {@code :path} and, for an upgrade, {@code
 *     :protocol}
 */
public record ExchangeHead(Identity identity, String auditId, Http2Headers head) {

  private static final AsciiString CONTENT_LENGTH = AsciiString.cached("content-length");
  private static final AsciiString USER = AsciiString.cached(":fairlead-user");
  private static final AsciiString UID = AsciiString.cached(":fairlead-uid");
  private static final AsciiString GROUP = AsciiString.cached(":fairlead-group");
  private static final AsciiString EXTRA = AsciiString.cached(":fairlead-extra");
  private static final AsciiString AUDIT_ID = AsciiString.cached(":fairlead-audit-id");
  private static final String HEX = "0123456789ABCDEF";

  /** Writes identity and audit id beside the user's head. */
  Http2Headers encode() {
    if (head.contains(Heads.PROTOCOL)) {
      // Some announce an empty body beside an upgrade; HTTP/2 would refuse the raw bytes then.
      head.remove(CONTENT_LENGTH);
    }
    head.set(USER, escape(identity.username()));
    String uid = identity.uid();
    if (uid != null) {
      head.set(UID, escape(uid));
    }
    identity.groups().forEach(group -> head.add(GROUP, escape(group)));
    identity
        .extra()
        .forEach(
            (key, values) ->
                values.forEach(value -> head.add(EXTRA, escape(key) + "=" + escape(value))));
    head.set(AUDIT_ID, auditId);
    return head;
  }

  /**
   * Reads what {@link #encode} wrote, taking it out of the head.
   *
   * @throws InvalidException if a part is missing or malformed
   */
  static ExchangeHead decode(Http2Headers head) {
    String username = unescape(take(head, USER));
    String auditId = take(head, AUDIT_ID);
    CharSequence uid = head.getAndRemove(UID);
    List<String> groups = new ArrayList<>();
    head.getAllAndRemove(GROUP).forEach(group -> groups.add(unescape(group)));
    Map<String, List<String>> extra = new LinkedHashMap<>();
    for (CharSequence pair : head.getAllAndRemove(EXTRA)) {
      String text = pair.toString();
      int equals = text.indexOf('=');
      if (equals < 0) {
        throw new InvalidException("exchange: extra without '=' (expected: key=value)");
      }
      extra
          .computeIfAbsent(unescape(text.substring(0, equals)), key -> new ArrayList<>())
          .add(unescape(text.substring(equals + 1)));
    }
    requireKnownFields(head);
    return new ExchangeHead(
        new Identity(username, uid == null ? null : unescape(uid), groups, extra), auditId, head);
  }

  private static String take(Http2Headers head, CharSequence name) {
    CharSequence value = head.getAndRemove(name);
    if (value == null) {
      throw new InvalidException("exchange: no " + name + " (expected: exactly 1)");
    }
    return value.toString();
  }

  private static void requireKnownFields(Http2Headers head) {
    for (Map.Entry<CharSequence, CharSequence> field : head) {
      CharSequence name = field.getKey();
      if (name.length() == 0
          || (name.charAt(0) == ':'
              && !Heads.PROTOCOL.contentEquals(name)
              && !Http2Headers.PseudoHeaderName.isPseudoHeader(name))) {
        throw new InvalidException("exchange: unknown field (expected: none but those of HTTP)");
      }
    }
    if (head.method() == null || head.path() == null) {
      throw new InvalidException("exchange: no :method or no :path (expected: both)");
    }
  }

  private static String escape(String text) {
    if (text.chars().allMatch(ExchangeHead::isPlain)) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length() + 16);
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      if (isPlain(b)) {
        out.append((char) b);
      } else {
        out.append('%').append(HEX.charAt((b >> 4) & 15)).append(HEX.charAt(b & 15));
      }
    }
    return out.toString();
  }

  private static boolean isPlain(int c) {
    return c > 0x20 && c < 0x7f && c != '%' && c != '=';
  }

  private static String unescape(CharSequence escaped) {
    String text = escaped.toString();
    if (text.indexOf('%') < 0) {
      return text;
    }
    byte[] bytes = new byte[text.length()];
    int length = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
        int low = high >= 0 ? Character.digit(text.charAt(i + 2), 16) : -1;
        if (low < 0) {
          throw new InvalidException("exchange: bad escape (expected: %XX)");
        }
        bytes[length++] = (byte) (high << 4 | low);
        i += 2;
      } else {
        bytes[length++] = (byte) c;
      }
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  /**
   * The protocol an upgrade asks for.
   *
   * @return such as {@code SPDY/3.1}; null for an exchange that is no upgrade
   */
  public @Nullable String protocol() {
    return Heads.get(head, Heads.PROTOCOL);
  }
}
