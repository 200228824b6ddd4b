package dev.fairlead.core.audit;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Writes compact JSON (RFC 8259) into bytes, pure ASCII: all else, line ends and control characters
 * included, is escaped. By hand, as every record goes through it while a request waits, and its
 * names can be made once. Who calls keeps names and values in order; the commas come by themselves.
 */
final class AsciiJson {

  private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

  /** What one character becomes at most. */
  private static final int LONGEST_ESCAPE = 6;

  private static final int MOST_KEPT = 64 * 1024;

  /** A member's name as it stands before its value, made once. */
  static final class Name {
    private final byte[] bytes;

    private Name(byte[] bytes) {
      this.bytes = bytes;
    }

    static Name of(String name) {
      AsciiJson json = new AsciiJson(LONGEST_ESCAPE * name.length() + 3);
      return new Name(json.quoted(name).put(':').withoutLast(0));
    }
  }

  private final int expectedBytes;
  private byte[] bytes;
  private int length;

  AsciiJson(int expectedBytes) {
    this.expectedBytes = expectedBytes;
    bytes = new byte[expectedBytes];
  }

  /** Begins anew, in the room that it has. */
  AsciiJson clear() {
    length = 0;
    if (bytes.length > MOST_KEPT) {
      bytes = new byte[expectedBytes];
    }
    return this;
  }

  AsciiJson beginObject() {
    separate();
    return put('{');
  }

  AsciiJson beginObject(Name name) {
    return name(name).put('{');
  }

  AsciiJson endObject() {
    return put('}');
  }

  AsciiJson field(String name, String value) {
    separate();
    return quoted(name).put(':').quoted(value);
  }

  AsciiJson field(Name name, String value) {
    return name(name).quoted(value);
  }

  AsciiJson field(Name name, int value) {
    return name(name).raw(Integer.toString(value));
  }

  AsciiJson field(String name, List<String> values) {
    separate();
    return quoted(name).put(':').array(values);
  }

  AsciiJson field(Name name, List<String> values) {
    return name(name).array(values);
  }

  private AsciiJson array(List<String> values) {
    put('[');
    for (String value : values) {
      separate();
      quoted(value);
    }
    return put(']');
  }

  /** All that was written, without its last bytes. */
  byte[] withoutLast(int count) {
    return Arrays.copyOf(bytes, length - count);
  }

  private AsciiJson name(Name name) {
    separate();
    int more = name.bytes.length;
    room(more);
    System.arraycopy(name.bytes, 0, bytes, length, more);
    length += more;
    return this;
  }

  private void separate() {
    if (length > 0 && bytes[length - 1] != '{' && bytes[length - 1] != '[') {
      put(',');
    }
  }

  private AsciiJson raw(String ascii) {
    int end = ascii.length();
    room(end);
    for (int i = 0; i < end; i++) {
      bytes[length++] = (byte) ascii.charAt(i);
    }
    return this;
  }

  private AsciiJson put(char ascii) {
    room(1);
    bytes[length++] = (byte) ascii;
    return this;
  }

  private AsciiJson quoted(String text) {
    int end = text.length();
    room(end + 2);
    byte[] to = bytes;
    int at = length;
    to[at++] = '"';
    int i = 0;
    for (; i < end; i++) {
      char c = text.charAt(i);
      if (c < ' ' || c >= 0x7f || c == '"' || c == '\\') {
        break;
      }
      to[at++] = (byte) c;
    }
    length = at;
    for (; i < end; i++) {
      escape(text.charAt(i), end - i);
    }
    return put('"');
  }

  /** Writes a character that needs to be escaped, or stands behind one that does. */
  private void escape(char c, int left) {
    room(LONGEST_ESCAPE + left);
    if (c >= ' ' && c < 0x7f && c != '"' && c != '\\') {
      bytes[length++] = (byte) c;
      return;
    }
    bytes[length++] = '\\';
    if (c == '"' || c == '\\') {
      bytes[length++] = (byte) c;
      return;
    }
    bytes[length++] = 'u';
    for (int shift = 12; shift >= 0; shift -= 4) {
      bytes[length++] = HEX[c >> shift & 0xf];
    }
  }

  private void room(int more) {
    int needed = Math.addExact(length, more);
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(needed, Math.multiplyExact(bytes.length, 2)));
    }
  }
}
