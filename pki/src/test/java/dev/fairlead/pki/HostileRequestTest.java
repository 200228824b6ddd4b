package dev.fairlead.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.Arrays;
import java.util.Random;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostileRequestTest {

  private final CertificateAuthority authority = Pki.authority();
  private final AgentKeys keys = AgentKeys.inMemory(Pki.RANDOM);
  private final KeyPair pair = keys.newKeyPair();
  private final byte[] sound = keys.csr(pair);

  @Test
  void everySingleBitFlippedIsRefused() {
    for (int bit = 0; bit < sound.length * 8; bit++) {
      byte[] flipped = sound.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      assertRefused(flipped, "", "bit " + bit);
    }
  }

  @Test
  void aSoundRequestIsAcceptable() {
    assertThatCode(() -> authority.requireAcceptable(sound)).doesNotThrowAnyException();
  }

  @Test
  void everyTruncationIsRefused() {
    for (int length = 0; length < sound.length; length++) {
      assertRefused(Arrays.copyOf(sound, length), "malformed", "length " + length);
    }
  }

  @Test
  void bytesThatFollowAreRefused() {
    assertRefused(Arrays.copyOf(sound, sound.length + 1), "malformed", "trailing byte");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void noiseIsRefused(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 400; i++) {
      byte[] noise = new byte[random.nextInt(600)];
      random.nextBytes(noise);
      assertRefused(noise, "malformed", "seed " + seed + ", run " + i);
      byte[] spliced = sound.clone();
      int at = random.nextInt(sound.length);
      int length = Math.min(noise.length, sound.length - at);
      System.arraycopy(noise, 0, spliced, at, length);
      if (!Arrays.equals(spliced, sound)) {
        assertRefused(spliced, "", "seed " + seed + ", splice " + i);
      }
    }
  }

  @Test
  void aRequestThatIsTooLargeIsRefusedUnread() {
    assertRefused(new byte[16 * 1024 + 1], "16385 bytes (expected: at most 16384)", "zeros");
    assertRefused(new byte[16 * 1024], "malformed", "zeros of the largest size");
  }

  @Test
  void deepNestingIsRefused() {
    byte[] indefinite = new byte[16 * 1024];
    for (int i = 0; i < indefinite.length; i += 2) {
      indefinite[i] = 0x30;
      indefinite[i + 1] = (byte) 0x80;
    }
    assertRefused(indefinite, "malformed", "indefinite lengths");

    byte[] definite = new byte[4 * 4000];
    for (int i = 0; i < definite.length; i += 4) {
      int rest = definite.length - i - 4;
      definite[i] = 0x30;
      definite[i + 1] = (byte) 0x82;
      definite[i + 2] = (byte) (rest >> 8);
      definite[i + 3] = (byte) rest;
    }
    assertRefused(definite, "malformed", "definite lengths");
  }

  @Test
  void aRequestInBerIsRefused() {
    // The outer length, rewritten from two bytes to the three of a longer form than need be.
    assertThat(sound[0]).isEqualTo((byte) 0x30);
    int header = sound[1] >= 0 ? 2 : 2 + (sound[1] & 0x7f);
    int length = sound.length - header;
    byte[] head = {0x30, (byte) 0x83, 0, (byte) (length >> 8), (byte) length};
    byte[] ber = Arrays.copyOf(head, head.length + length);
    System.arraycopy(sound, header, ber, head.length, length);

    assertRefused(ber, "not in DER", "long form");
  }

  @Test
  void aRequestForSomebodyElsesKeyIsRefused() throws Exception {
    byte[] csr =
        new PKCS10CertificationRequestBuilder(
                new X500Name("CN=x"),
                SubjectPublicKeyInfo.getInstance(keys.newKeyPair().getPublic().getEncoded()))
            .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()))
            .getEncoded();

    assertRefused(csr, "not signed by the key it holds", "another key");
  }

  @Test
  void aSignatureOfZeroesIsRefused() throws Exception {
    ASN1EncodableVector zeroes = new ASN1EncodableVector();
    zeroes.add(new ASN1Integer(0));
    zeroes.add(new ASN1Integer(0));
    ASN1Sequence request = ASN1Sequence.getInstance(sound);
    ASN1EncodableVector forged = new ASN1EncodableVector();
    forged.add(request.getObjectAt(0));
    forged.add(request.getObjectAt(1));
    forged.add(new DERBitString(new DERSequence(zeroes)));

    assertRefused(new DERSequence(forged).getEncoded(), "", "r = s = 0");
  }

  @ParameterizedTest
  @CsvSource({
    "RSA, 1024, SHA256withRSA, 'RSA key of 1024 bits (expected: 2048-8192)'",
    "RSA, 2040, SHA256withRSA, 'RSA key of 2040 bits (expected: 2048-8192)'",
    "EC, secp521r1, SHA512withECDSA, another curve",
    "EC, secp256r1, SHA1withECDSA, signature algorithm",
    "RSA, 2048, SHA1withRSA, signature algorithm",
    "RSA, 2048, MD5withRSA, signature algorithm",
    "Ed25519, , Ed25519, signature algorithm",
    "DSA, 2048, SHA256withDSA, signature algorithm"
  })
  void weakKeysAndSignaturesAreRefused(
      String algorithm, String size, String signature, String because) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    if (algorithm.equals("EC")) {
      generator.initialize(new ECGenParameterSpec(size));
    } else if (size != null) {
      generator.initialize(Integer.parseInt(size));
    }
    KeyPair weak = generator.generateKeyPair();

    assertRefused(
        request(SubjectPublicKeyInfo.getInstance(weak.getPublic().getEncoded()), weak, signature),
        because,
        algorithm);
  }

  @Test
  void aSmallPublicExponentIsRefused() throws Exception {
    AlgorithmParameterSpec three = new RSAKeyGenParameterSpec(2048, RSAKeyGenParameterSpec.F0);
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(three);
    KeyPair weak = generator.generateKeyPair();

    assertRefused(
        request(
            SubjectPublicKeyInfo.getInstance(weak.getPublic().getEncoded()), weak, "SHA256withRSA"),
        "RSA public exponent is 3",
        "e = 3");
  }

  @Test
  void oddlyMadeRsaKeysAreRefused() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    KeyPair rsa = generator.generateKeyPair();
    BigInteger n = ((RSAPublicKey) rsa.getPublic()).getModulus();
    BigInteger e = BigInteger.valueOf(65_537);

    assertRefused(rsa(n, e.add(BigInteger.ONE), rsa), "", "even exponent");
    assertRefused(rsa(n, BigInteger.ONE, rsa), "", "exponent 1");
    assertRefused(rsa(n, e.negate(), rsa), "", "negative exponent");
    assertRefused(rsa(n, BigInteger.ONE.shiftLeft(2000).add(e), rsa), "", "vast exponent");
    assertRefused(rsa(n.clearBit(0), e, rsa), "RSA modulus is even", "even modulus");
    assertRefused(rsa(n.negate(), e, rsa), "", "negative modulus");
    assertRefused(rsa(BigInteger.ZERO, e, rsa), "", "no modulus");
    assertRefused(rsa(n.shiftLeft(8192).setBit(0), e, rsa), "", "vast modulus");
    assertRefused(rsa(n.setBit(2047).flipBit(1024), e, rsa), "", "another modulus");
  }

  @Test
  void ecKeysOffTheirCurveAreRefused() throws Exception {
    byte[] point =
        SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded())
            .getPublicKeyData()
            .getOctets();
    byte[] moved = point.clone();
    moved[point.length - 1] ^= 1;
    byte[] zero = new byte[65];
    zero[0] = 4;
    byte[] beyondTheField = new byte[65];
    Arrays.fill(beyondTheField, (byte) 0xff);
    beyondTheField[0] = 4;

    for (byte[] invalid : new byte[][] {moved, zero, beyondTheField, {0}, {}, {4, 1, 2}}) {
      assertRefused(ec(SECObjectIdentifiers.secp256r1, invalid), "", Arrays.toString(invalid));
    }
    assertRefused(ec(SECObjectIdentifiers.secp256r1, moved), "no point of its curve", "moved");
    assertRefused(ec(SECObjectIdentifiers.secp256k1, point), "another curve", "secp256k1");
    assertRefused(ec(SECObjectIdentifiers.secp384r1, point), "", "the point of another curve");
  }

  @Test
  void ecKeysWithoutANamedCurveAreRefused() throws Exception {
    SubjectPublicKeyInfo key =
        new SubjectPublicKeyInfo(
            new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, DERNull.INSTANCE),
            new byte[65]);

    assertRefused(request(key, pair, "SHA256withECDSA"), "another curve", "no curve");
  }

  @Test
  void signaturesWithUnusedBitsAreRefused() throws Exception {
    ASN1Sequence request = ASN1Sequence.getInstance(sound);
    byte[] signature = ((ASN1BitString) request.getObjectAt(2)).getOctets();
    signature[signature.length - 1] &= (byte) 0xf8;
    ASN1EncodableVector padded = new ASN1EncodableVector();
    padded.add(request.getObjectAt(0));
    padded.add(request.getObjectAt(1));
    padded.add(new DERBitString(signature, 3));

    assertRefused(new DERSequence(padded).getEncoded(), "", "three unused bits");
  }

  private byte[] ec(ASN1ObjectIdentifier curve, byte[] point) throws Exception {
    SubjectPublicKeyInfo key =
        new SubjectPublicKeyInfo(
            new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, curve), point);
    return request(key, pair, "SHA256withECDSA");
  }

  private static byte[] rsa(BigInteger modulus, BigInteger exponent, KeyPair signer)
      throws Exception {
    SubjectPublicKeyInfo key =
        new SubjectPublicKeyInfo(
            new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
            new DERSequence(
                new ASN1Integer[] {new ASN1Integer(modulus), new ASN1Integer(exponent)}));
    return request(key, signer, "SHA256withRSA");
  }

  private static byte[] request(SubjectPublicKeyInfo key, KeyPair signer, String signature)
      throws Exception {
    return new PKCS10CertificationRequestBuilder(new X500Name("CN=x"), key)
        .build(new JcaContentSignerBuilder(signature).build(signer.getPrivate()))
        .getEncoded();
  }

  private void assertRefused(byte[] csr, String because, String what) {
    Throwable thrown =
        catchThrowable(() -> authority.issueAgent(csr, Pki.PROD, CertificateAuthority.AGENT_LIFE));
    assertThat(thrown)
        .as(what)
        .isInstanceOfSatisfying(
            PkiException.class,
            e -> assertThat(e.code()).isEqualTo(PkiException.Code.REQUEST_REFUSED))
        .hasMessageStartingWith("certificate request: ")
        .hasMessageContaining(because);
    assertThat(catchThrowable(() -> authority.requireAcceptable(csr)))
        .as(what)
        .isInstanceOf(PkiException.class)
        .hasMessage(thrown.getMessage());
  }
}
