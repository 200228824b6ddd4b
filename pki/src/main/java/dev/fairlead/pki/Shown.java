package dev.fairlead.pki;

import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.stream.Collectors;

/** How untrusted things appear in messages: short, printable, and on one line. */
final class Shown {

  private static final int MAX = 80;

  private Shown() {}

  static String text(String untrusted) {
    String head = untrusted.length() > MAX ? untrusted.substring(0, MAX) : untrusted;
    StringBuilder shown = new StringBuilder("'");
    head.chars()
        .forEach(
            c -> {
              if (c < 0x20 || c > 0x7e) {
                shown.append(String.format("\\u%04x", c));
              } else {
                shown.append((char) c);
              }
            });
    return shown.append(untrusted.length() > MAX ? "…'" : "'").toString();
  }

  static String fingerprints(X509Certificate[] chain) {
    String first =
        Arrays.stream(chain)
            .limit(4)
            .map(certificate -> CertificatePin.of(certificate).toString())
            .collect(Collectors.joining(", "));
    return chain.length + (chain.length == 1 ? " certificate [" : " certificates [") + first + "]";
  }
}
