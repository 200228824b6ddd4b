package dev.fairlead.testkit;

import dev.fairlead.api.transport.TlsMaterial;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A certificate authority that lives as long as a test, and makes any certificate it is asked for,
 * wrong ones included. Never for production. Safe for use by any thread.
 */
public final class TestAuthority {

  private static final char[] NO_PASSWORD = new char[0];

  private final X500Name name;
  private final KeyPair keys;
  private final X509Certificate certificate;

  private TestAuthority(X500Name name, KeyPair keys, X509Certificate certificate) {
    this.name = name;
    this.keys = keys;
    this.certificate = certificate;
  }

  /**
   * Makes an authority with a key of its own.
   *
   * @return an authority that only its own material trusts
   */
  public static TestAuthority create() {
    KeyPair keys = newKeys();
    X500Name name = new X500Name("CN=test authority " + serial());
    Instant now = Instant.now();
    JcaX509v3CertificateBuilder builder =
        builder(name, keys, name, now.minus(Duration.ofDays(30)), now.plus(Duration.ofDays(30)));
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
    } catch (CertIOException impossible) {
      throw new IllegalStateException(impossible);
    }
    return new TestAuthority(name, keys, sign(builder, keys));
  }

  /**
   * The authority's own certificate.
   *
   * @return a self-signed certificate
   */
  public X509Certificate certificate() {
    return certificate;
  }

  /**
   * What a client without a key brings along.
   *
   * @return trust in this authority, and no key
   */
  public TlsMaterial trust() {
    return new TlsMaterial(List.of(), trustManagers());
  }

  /**
   * What a server at the loopback address brings along.
   *
   * @return a key and a certificate for {@code localhost} and {@code 127.0.0.1}, and trust in this
   *     authority
   */
  public TlsMaterial server() {
    Instant now = Instant.now();
    return issue("localhost", now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(1)), this);
  }

  /**
   * What a client brings along.
   *
   * @param name the common name of its certificate
   * @return a key and a certificate, and trust in this authority
   */
  public TlsMaterial client(String name) {
    Instant now = Instant.now();
    return issue(name, now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(1)), this);
  }

  /**
   * What a client with a certificate of any kind brings along.
   *
   * @param commonName the common name of its certificate
   * @param notBefore when the certificate begins to be valid
   * @param notAfter when it ends to be valid
   * @param trusted the authority that the client trusts
   * @return a key and a certificate of this authority, and trust in {@code trusted}
   */
  public TlsMaterial issue(
      String commonName, Instant notBefore, Instant notAfter, TestAuthority trusted) {
    KeyPair subjectKeys = newKeys();
    JcaX509v3CertificateBuilder builder =
        builder(new X500Name("CN=" + commonName), subjectKeys, name, notBefore, notAfter);
    try {
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(
              new GeneralName[] {
                new GeneralName(GeneralName.dNSName, "localhost"),
                new GeneralName(GeneralName.iPAddress, "127.0.0.1")
              }));
    } catch (CertIOException impossible) {
      throw new IllegalStateException(impossible);
    }
    X509Certificate leaf = sign(builder, keys);
    return new TlsMaterial(
        keyManagers(subjectKeys, List.of(leaf, certificate)), trusted.trustManagers());
  }

  private List<TrustManager> trustManagers() {
    try {
      KeyStore store = emptyStore();
      store.setCertificateEntry("authority", certificate);
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      return List.of(factory.getTrustManagers());
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static List<KeyManager> keyManagers(KeyPair keys, List<X509Certificate> chain) {
    try {
      KeyStore store = emptyStore();
      store.setKeyEntry(
          "key", keys.getPrivate(), NO_PASSWORD, chain.toArray(X509Certificate[]::new));
      KeyManagerFactory factory =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(store, NO_PASSWORD);
      return List.of(factory.getKeyManagers());
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static KeyStore emptyStore() throws GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try {
      store.load(null, null);
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
    return store;
  }

  private static JcaX509v3CertificateBuilder builder(
      X500Name subject, KeyPair subjectKeys, X500Name issuer, Instant notBefore, Instant notAfter) {
    return new JcaX509v3CertificateBuilder(
        issuer,
        serial(),
        Date.from(notBefore),
        Date.from(notAfter),
        subject,
        subjectKeys.getPublic());
  }

  private static X509Certificate sign(X509v3CertificateBuilder builder, KeyPair issuerKeys) {
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKeys.getPrivate())));
    } catch (OperatorCreationException | GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static KeyPair newKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static BigInteger serial() {
    return new BigInteger(64, new SecureRandom()).add(BigInteger.ONE);
  }
}
