package dev.fairlead.pki;

import dev.fairlead.api.InvalidException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;

/** Host names and address literals as subject alternative names. Nothing is looked up. */
final class HostNames {

  private static final int MAX_NAMES = 100;
  private static final int MAX_DNS = 253;
  private static final Pattern IPV4 =
      Pattern.compile("((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(\\.(?!$)|$)){4}");
  private static final Pattern IPV6_CHARACTERS = Pattern.compile("[0-9a-fA-F:.]{2,45}");
  private static final String LABEL = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";
  private static final Pattern DNS =
      Pattern.compile("(\\*\\.(?=.*\\.))?(" + LABEL + "\\.)*(?!\\d+$)" + LABEL);

  private HostNames() {}

  static GeneralNames of(List<String> names) {
    if (names.isEmpty() || names.size() > MAX_NAMES) {
      throw new InvalidException(
          "host names: " + names.size() + " (expected: 1-" + MAX_NAMES + ")");
    }
    return new GeneralNames(
        names.stream().distinct().map(HostNames::name).toArray(GeneralName[]::new));
  }

  private static GeneralName name(String text) {
    if (text.indexOf(':') >= 0 || IPV4.matcher(text).matches()) {
      return new GeneralName(GeneralName.iPAddress, new DEROctetString(address(text)));
    }
    if (text.length() <= MAX_DNS && DNS.matcher(text).matches()) {
      return new GeneralName(GeneralName.dNSName, text);
    }
    throw refused(text);
  }

  private static byte[] address(String text) {
    if (text.indexOf(':') >= 0 && !IPV6_CHARACTERS.matcher(text).matches()) {
      throw refused(text);
    }
    try {
      // A text with a colon, or of four decimal numbers, is taken as a literal and never resolved.
      return InetAddress.getByName(text).getAddress();
    } catch (UnknownHostException e) {
      throw refused(text);
    }
  }

  private static InvalidException refused(String text) {
    return new InvalidException(
        "host name: "
            + Shown.text(text)
            + " (expected: a lower-case DNS name, an IPv4 or an IPv6 address)");
  }
}
