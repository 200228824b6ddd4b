package dev.fairlead.pki;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECPoint;
import java.security.spec.EllipticCurve;
import java.util.Arrays;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/**
 * PKCS #10 on both sides. The hub takes one thing from a request: the public key whose private half
 * signed it. What else it asks for is not even read.
 */
final class CertificateRequest {

  static final int MAX_BYTES = 16 * 1024;

  private static final int MIN_RSA_BITS = 2048;
  private static final int MAX_RSA_BITS = 8192;
  private static final int MAX_EXPONENT_BITS = 64;
  private static final BigInteger MIN_EXPONENT = BigInteger.valueOf(65_537);

  private static final Set<ASN1ObjectIdentifier> CURVES =
      Set.of(SECObjectIdentifiers.secp256r1, SECObjectIdentifiers.secp384r1);
  private static final Set<ASN1ObjectIdentifier> SIGNATURES =
      Set.of(
          X9ObjectIdentifiers.ecdsa_with_SHA256,
          X9ObjectIdentifiers.ecdsa_with_SHA384,
          X9ObjectIdentifiers.ecdsa_with_SHA512,
          PKCSObjectIdentifiers.sha256WithRSAEncryption,
          PKCSObjectIdentifiers.sha384WithRSAEncryption,
          PKCSObjectIdentifiers.sha512WithRSAEncryption);

  private CertificateRequest() {}

  /** A request that proves possession of the key and asks for nothing: the hub would not listen. */
  static byte[] of(KeyPair keys, SecureRandom random) {
    try {
      return new JcaPKCS10CertificationRequestBuilder(
              new X500Principal("CN=fairlead-agent"), keys.getPublic())
          .build(
              new JcaContentSignerBuilder(Keys.signatureAlgorithm(keys.getPrivate()))
                  .setSecureRandom(random)
                  .build(keys.getPrivate()))
          .getEncoded();
    } catch (OperatorCreationException | IOException e) {
      throw PkiException.crypto("signing a certificate request", e);
    }
  }

  /** The public key of a request that is well-formed, acceptable and signed by the private key. */
  static PublicKey verifiedKey(byte[] der) {
    if (der.length > MAX_BYTES) {
      throw refused(der.length + " bytes (expected: at most " + MAX_BYTES + ")");
    }
    try {
      JcaPKCS10CertificationRequest request = new JcaPKCS10CertificationRequest(der);
      if (!Arrays.equals(request.toASN1Structure().getEncoded(ASN1Encoding.DER), der)) {
        throw refused("not in DER");
      }
      if (!SIGNATURES.contains(request.getSignatureAlgorithm().getAlgorithm())) {
        throw refused(
            "signature algorithm is "
                + request.getSignatureAlgorithm().getAlgorithm()
                + " (expected: ECDSA or RSA with SHA-256, SHA-384 or SHA-512)");
      }
      PublicKey key = acceptedKey(request);
      if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
        throw refused("not signed by the key it holds");
      }
      return key;
    } catch (PkiException e) {
      throw e;
    } catch (IOException
        | GeneralSecurityException
        | OperatorCreationException
        | PKCSException
        | RuntimeException e) {
      // The parsers report malformed input by many exceptions, unchecked ones among them.
      throw new PkiException(
          PkiException.Code.REQUEST_REFUSED,
          "certificate request: malformed (expected: PKCS #10 in DER)",
          e);
    }
  }

  private static PublicKey acceptedKey(JcaPKCS10CertificationRequest request)
      throws GeneralSecurityException {
    AlgorithmIdentifier algorithm = request.getSubjectPublicKeyInfo().getAlgorithm();
    // Decided by the identifier, before any provider is asked to decode a key of unknown kind.
    if (algorithm.getAlgorithm().equals(X9ObjectIdentifiers.id_ecPublicKey)) {
      if (!(algorithm.getParameters() instanceof ASN1ObjectIdentifier curve)
          || !CURVES.contains(curve)) {
        throw refused("EC key is on another curve (expected: P-256 or P-384)");
      }
      ECPublicKey key = (ECPublicKey) request.getPublicKey();
      if (!onCurve(key)) {
        throw refused("EC key is no point of its curve");
      }
      return key;
    }
    if (algorithm.getAlgorithm().equals(PKCSObjectIdentifiers.rsaEncryption)) {
      RSAPublicKey key = (RSAPublicKey) request.getPublicKey();
      checkRsa(key.getModulus(), key.getPublicExponent());
      return key;
    }
    throw refused(
        "key algorithm is " + algorithm.getAlgorithm() + " (expected: EC P-256, P-384 or RSA)");
  }

  private static void checkRsa(BigInteger modulus, BigInteger exponent) {
    int bits = modulus.bitLength();
    if (bits < MIN_RSA_BITS || bits > MAX_RSA_BITS) {
      throw refused(
          "RSA key of " + bits + " bits (expected: " + MIN_RSA_BITS + "-" + MAX_RSA_BITS + ")");
    }
    if (!modulus.testBit(0)) {
      throw refused("RSA modulus is even");
    }
    if (!exponent.testBit(0)
        || exponent.compareTo(MIN_EXPONENT) < 0
        || exponent.bitLength() > MAX_EXPONENT_BITS) {
      throw refused(
          "RSA public exponent is "
              + (exponent.bitLength() > MAX_EXPONENT_BITS ? "too large" : exponent)
              + " (expected: odd, 65537 or more, at most "
              + MAX_EXPONENT_BITS
              + " bits)");
    }
  }

  /** y² = x³ + ax + b over the prime field; both curves have cofactor 1, so that is all. */
  private static boolean onCurve(ECPublicKey key) {
    ECPoint point = key.getW();
    EllipticCurve curve = key.getParams().getCurve();
    if (point.equals(ECPoint.POINT_INFINITY) || !(curve.getField() instanceof ECFieldFp field)) {
      return false;
    }
    BigInteger p = field.getP();
    BigInteger x = point.getAffineX();
    BigInteger y = point.getAffineY();
    if (x.signum() < 0 || x.compareTo(p) >= 0 || y.signum() < 0 || y.compareTo(p) >= 0) {
      return false;
    }
    BigInteger right = x.multiply(x).add(curve.getA()).multiply(x).add(curve.getB()).mod(p);
    return y.multiply(y).mod(p).equals(right);
  }

  private static PkiException refused(String what) {
    return new PkiException(PkiException.Code.REQUEST_REFUSED, "certificate request: " + what);
  }
}
