package dev.fairlead.pki;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The contents of one X.509 certificate (RFC 5280) before it is signed. Used once, by one thread.
 */
final class CertificateTemplate {

  private static final int SERIAL_BITS = 128;

  private final X500Name subject;
  private final PublicKey key;
  private final Instant begin;
  private final Instant end;
  private final ExtensionsGenerator extensions = new ExtensionsGenerator();

  CertificateTemplate(X500Name subject, PublicKey key, Instant begin, Instant end) {
    this.subject = subject;
    this.key = key;
    this.begin = begin;
    this.end = end;
  }

  /** A CA below which there are only leaves. */
  CertificateTemplate authority() {
    add(Extension.basicConstraints, true, new BasicConstraints(0));
    add(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
    return this;
  }

  CertificateTemplate leaf(GeneralNames names, KeyPurposeId purpose) {
    add(Extension.basicConstraints, true, new BasicConstraints(false));
    add(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    add(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
    add(Extension.subjectAlternativeName, false, names);
    return this;
  }

  X509Certificate selfSigned(PrivateKey privateKey, SecureRandom random) {
    return sign(subject, key, privateKey, random);
  }

  X509Certificate signedBy(KeyEntry authority, SecureRandom random) {
    X509Certificate issuer = authority.leaf();
    try {
      X500Name name = new JcaX509CertificateHolder(issuer).getSubject();
      return sign(name, issuer.getPublicKey(), authority.privateKey(), random);
    } catch (GeneralSecurityException e) {
      throw PkiException.crypto("reading the CA certificate", e);
    }
  }

  private X509Certificate sign(
      X500Name issuer, PublicKey issuerKey, PrivateKey issuerPrivateKey, SecureRandom random) {
    try {
      JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
      add(Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(key));
      if (!key.equals(issuerKey)) {
        add(
            Extension.authorityKeyIdentifier,
            false,
            identifiers.createAuthorityKeyIdentifier(issuerKey));
      }
      X509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              issuer, serial(random), Date.from(begin), Date.from(end), subject, key);
      Extensions all = extensions.generate();
      for (ASN1ObjectIdentifier oid : all.getExtensionOIDs()) {
        builder.addExtension(all.getExtension(oid));
      }
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder(Keys.signatureAlgorithm(issuerPrivateKey))
                      .setSecureRandom(random)
                      .build(issuerPrivateKey)));
    } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
      throw PkiException.crypto("signing a certificate", e);
    }
  }

  private void add(ASN1ObjectIdentifier oid, boolean critical, ASN1Encodable value) {
    try {
      extensions.addExtension(oid, critical, value);
    } catch (IOException e) {
      throw PkiException.crypto("encoding a certificate extension", e);
    }
  }

  private static BigInteger serial(SecureRandom random) {
    BigInteger serial;
    do {
      serial = new BigInteger(SERIAL_BITS, random);
    } while (serial.signum() == 0);
    return serial;
  }
}
