package dev.fairlead.core.memory;

import dev.fairlead.api.TransportException;
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
 * What a TLS handshake would find out: that each side has the key of a certificate that the other
 * trusts. Names are not compared, as there is no address to compare them with.
 */
final class Certificates {

  private static final String[] KEY_TYPES = {"EC", "EdDSA", "RSA"};

  /** As TLS 1.3, whose cipher suites name no way to authenticate. */
  private static final String AUTH_TYPE = "UNKNOWN";

  private Certificates() {}

  /** Checks the hub's certificate, as the agent does in a handshake before it shows its own. */
  static void verifyHub(TlsMaterial agent, TlsMaterial hub) {
    X509Certificate[] chain = presentedByHub(hub);
    for (TrustManager manager : agent.trustManagers()) {
      if (manager instanceof X509TrustManager trust) {
        try {
          trust.checkServerTrusted(chain, AUTH_TYPE);
          return;
        } catch (CertificateException | IllegalArgumentException refused) {
          throw new TransportException(
              "in-memory: the agent does not trust the hub's certificate (is this the hub?): "
                  + refused.getMessage(),
              refused);
        }
      }
    }
    throw new TransportException(
        "in-memory: the agent has no X509TrustManager to check the hub's certificate with"
            + " (expected: 1)");
  }

  private static X509Certificate[] presentedByHub(TlsMaterial hub) {
    for (KeyManager manager : hub.keyManagers()) {
      if (manager instanceof X509KeyManager keys) {
        for (String type : KEY_TYPES) {
          String alias = keys.chooseServerAlias(type, null, null);
          X509Certificate[] chain = alias == null ? null : keys.getCertificateChain(alias);
          if (chain != null && chain.length > 0) {
            return chain;
          }
        }
      }
    }
    throw new TransportException(
        "in-memory: the hub presented no certificate (expected: one that the agent trusts)");
  }

  static Peer verifyAgent(TlsMaterial agent, TlsMaterial hub) {
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
