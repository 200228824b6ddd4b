package dev.fairlead.core.authorization;

import io.netty.util.NetUtil;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A block of IPv4 or IPv6 addresses. An IPv4 address written as IPv6 is an IPv4 address. */
final class Network {

  static final String SYNTAX = "an IPv4 or IPv6 address or a CIDR block, such as 10.0.0.0/8";

  private static final int MAPPED_BITS = 96;

  private final byte[] address;
  private final int bits;

  private Network(byte[] address, int bits) {
    this.address = address;
    this.bits = bits;
  }

  /**
   * Reads a block.
   *
   * @throws IllegalArgumentException if it cannot be read, or has bits set outside of its prefix;
   *     the message says what was expected
   */
  static Network parse(String text) {
    int slash = text.indexOf('/');
    String host = slash < 0 ? text : text.substring(0, slash);
    byte[] written =
        host.indexOf('%') < 0 ? NetUtil.createByteArrayFromIpAddressString(host) : null;
    if (written == null) {
      throw new IllegalArgumentException(SYNTAX);
    }
    int most = written.length * 8;
    int bits = slash < 0 ? most : prefix(text.substring(slash + 1), most);
    byte[] address = unmapped(written);
    if (address.length < written.length) {
      if (bits < MAPPED_BITS) {
        throw new IllegalArgumentException(SYNTAX);
      }
      bits -= MAPPED_BITS;
    }
    byte[] first = masked(address, bits);
    if (!Arrays.equals(first, address)) {
      throw new IllegalArgumentException(
          "the first address of the block, " + NetUtil.bytesToIpAddress(first) + "/" + bits);
    }
    return new Network(address, bits);
  }

  /** The bytes of an address, or null if there is none or it is none. */
  static byte @Nullable [] address(String text) {
    if (text.isEmpty()) {
      return null;
    }
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
    return bytes == null ? null : unmapped(bytes);
  }

  boolean contains(byte[] asked) {
    if (asked.length != address.length) {
      return false;
    }
    int whole = bits / 8;
    for (int i = 0; i < whole; i++) {
      if (asked[i] != address[i]) {
        return false;
      }
    }
    int mask = 0xff00 >> (bits % 8) & 0xff;
    return mask == 0 || (asked[whole] & mask) == (address[whole] & 0xff);
  }

  private static int prefix(String text, int most) {
    if (!text.matches("\\d{1,3}") || Integer.parseInt(text) > most) {
      throw new IllegalArgumentException("a prefix of 0 to " + most + " bits behind the slash");
    }
    return Integer.parseInt(text);
  }

  private static byte[] masked(byte[] address, int bits) {
    byte[] out = new byte[address.length];
    for (int i = 0; i < out.length; i++) {
      int kept = Math.max(0, Math.min(8, bits - i * 8));
      out[i] = (byte) (address[i] & (0xff00 >> kept));
    }
    return out;
  }

  private static byte[] unmapped(byte[] address) {
    if (address.length != 16 || address[10] != -1 || address[11] != -1) {
      return address;
    }
    for (int i = 0; i < 10; i++) {
      if (address[i] != 0) {
        return address;
      }
    }
    return Arrays.copyOfRange(address, 12, 16);
  }
}
