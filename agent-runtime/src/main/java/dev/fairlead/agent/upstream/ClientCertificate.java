package dev.fairlead.agent.upstream;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;

/** A client certificate with its key: RSA, EC or EdDSA, in PKCS #8, PKCS #1 or SEC 1. */
final class ClientCertificate {

  private static final String ALIAS = "client";

  private ClientCertificate() {}

  /**
   * Makes a key manager.
   *
   * @param certificate the certificate, perhaps with its chain, in PEM
   * @param key its key in PEM
   * @throws GeneralSecurityException if they cannot be used; messages may quote the key
   * @throws IOException if they cannot be read; messages may quote the key
   */
  static KeyManager keyManager(byte[] certificate, byte[] key)
      throws GeneralSecurityException, IOException {
    Certificate[] chain =
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(certificate))
            .toArray(Certificate[]::new);
    if (chain.length == 0) {
      throw new IOException("no certificate");
    }
    char[] password = new char[0];
    KeyStore store = KeyStore.getInstance("JKS");
    store.load(null, password);
    store.setKeyEntry(ALIAS, privateKey(key, chain[0].getPublicKey()), password, chain);
    KeyManagerFactory factory = KeyManagerFactory.getInstance("SunX509");
    factory.init(store, password);
    return factory.getKeyManagers()[0];
  }

  private static PrivateKey privateKey(byte[] pem, PublicKey of)
      throws GeneralSecurityException, IOException {
    try (PEMParser parser =
        new PEMParser(
            new InputStreamReader(new ByteArrayInputStream(pem), StandardCharsets.US_ASCII))) {
      // The parameters of an EC key may come before it.
      for (Object part = parser.readObject(); part != null; part = parser.readObject()) {
        PrivateKeyInfo info =
            part instanceof PEMKeyPair pair
                ? pair.getPrivateKeyInfo()
                : part instanceof PrivateKeyInfo plain ? plain : null;
        if (info != null) {
          return KeyFactory.getInstance(of.getAlgorithm())
              .generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
        }
      }
    }
    throw new IOException("no private key, or an encrypted one");
  }
}
