package dev.fairlead.api.transport;

import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;

/**
 * What one side of a TLS connection brings along. Transports hand it to their TLS library as it is.
 *
 * @param keyManagers this side's key and certificate; empty for an agent that has none yet
 * @param trustManagers whom this side trusts; they verify host names if the TLS library asks them
 *     to. Never empty
 */
public record TlsMaterial(List<KeyManager> keyManagers, List<TrustManager> trustManagers) {

  /**
   * Copies the lists.
   *
   * @param keyManagers this side's key and certificate; empty for an agent that has none yet
   * @param trustManagers whom this side trusts; they verify host names if the TLS library asks them
   *     to. Never empty
   * @throws IllegalArgumentException if there is no trust manager, which most libraries would take
   *     for the JDK's default
   */
  public TlsMaterial {
    keyManagers = List.copyOf(keyManagers);
    trustManagers = List.copyOf(trustManagers);
    if (trustManagers.isEmpty()) {
      throw new IllegalArgumentException("trustManagers: none (expected: at least 1)");
    }
  }

  @Override
  public String toString() {
    return "TlsMaterial[keyManagers="
        + keyManagers.size()
        + ", trustManagers="
        + trustManagers.size()
        + "]";
  }
}
