package dev.fairlead.auth.local;

import io.netty.util.NetUtil;

/** By what somebody far away is told from others. */
final class SourceAddress {

  private SourceAddress() {}

  /** An IPv4 address, or the /64 network of an IPv6 address, all of which one customer has. */
  static String key(String address) {
    if (NetUtil.isValidIpV6Address(address)) {
      byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
      if (bytes != null && bytes.length == 16) {
        StringBuilder network = new StringBuilder();
        for (int i = 0; i < 8; i++) {
          network.append(Character.forDigit(bytes[i] >> 4 & 0xf, 16));
          network.append(Character.forDigit(bytes[i] & 0xf, 16));
        }
        return network.append("/64").toString();
      }
    }
    return address;
  }
}
