package dev.fairlead.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.api.InvalidException;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CertificatePinTest {

  private static final String HEX =
      "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

  @Test
  void pinIsTheDigestOfTheCertificate() throws Exception {
    CertificateAuthority authority = Pki.authority();
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest(authority.certificate().getEncoded());

    assertThat(authority.sha256()).hasToString("sha256:" + HexFormat.of().formatHex(digest));
    assertThat(authority.sha256().matches(authority.certificate())).isTrue();
    assertThat(authority.sha256().matches(Pki.authority().certificate())).isFalse();
  }

  @Test
  void textIsReadBack() {
    CertificatePin pin = CertificatePin.parse("sha256:" + HEX);

    assertThat(pin.sha256()).isEqualTo(HEX);
    assertThat(CertificatePin.parse(pin.toString())).isEqualTo(pin);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        HEX,
        "sha256:",
        "SHA256:" + HEX,
        "sha256: " + HEX,
        "sha256:" + HEX + "\n",
        " sha256:" + HEX,
        "sha256:" + HEX + "0",
        "sha1:" + HEX,
        "sha256:0011223344556677",
        "sha256:sha256:" + HEX,
        "sha256:00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF",
        "sha256:00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff:00:11:22:33:44"
      })
  void anyOtherTextIsRefused(String text) {
    assertThatThrownBy(() -> CertificatePin.parse(text))
        .isInstanceOf(InvalidException.class)
        .hasMessageContaining("expected: sha256:<64 lower-case hex digits>");
  }
}
