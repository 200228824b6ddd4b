package dev.fairlead.core.memory;

import dev.fairlead.api.UnauthenticatedException;
import dev.fairlead.api.transport.Peer;
import dev.fairlead.api.transport.TlsMaterial;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509KeyManager;
import javax.net.ssl.X509TrustManager;

/**
 * What a TLS handshake would find out about an agent: it has the key of a certificate that the hub
 * trusts.
 */
final class Certificates {

  private static final String[] KEY_TYPES = {"EC", "EdDSA", "RSA"};

  private Certificates() {}

  static Peer verify(TlsMaterial agent, TlsMaterial hub) {
    X509Certificate[] chain = presented(agent);
    boolean checked = false;
    for (TrustManager manager : hub.trustManagers()) {
      if (manager instanceof X509TrustManager trust) {
        try {
          trust.checkClientTrusted(chain, chain[0].getPublicKey().getAlgorithm());
        } catch (CertificateException | IllegalArgumentException refused) {
          throw new UnauthenticatedException(
              "the hub does not trust the agent's certificate: " + refused.getMessage(), refused);
        }
        checked = true;
        break;
      }
    }
    if (!checked) {
      throw new UnauthenticatedException(
          "the hub has no X509TrustManager to check the agent's certificate with (expected: 1)");
    }
    return new Peer.Certified(chain[0]);
  }

  private static X509Certificate[] presented(TlsMaterial agent) {
    for (KeyManager manager : agent.keyManagers()) {
      if (manager instanceof X509KeyManager keys) {
        String alias = keys.chooseClientAlias(KEY_TYPES, null, null);
        X509Certificate[] chain = alias == null ? null : keys.getCertificateChain(alias);
        if (chain != null && chain.length > 0 && keys.getPrivateKey(alias) != null) {
          return chain;
        }
      }
    }
    throw new UnauthenticatedException(
        "the agent presented no certificate (expected: the one it enrolled for)");
  }
}
