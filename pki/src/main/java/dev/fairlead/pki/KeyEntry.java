package dev.fairlead.pki;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/** A private key and the chain that speaks for it, leaf first. */
record KeyEntry(PrivateKey privateKey, List<X509Certificate> chain) {

  KeyEntry {
    chain = List.copyOf(chain);
  }

  X509Certificate leaf() {
    return chain.get(0);
  }

  @Override
  public String toString() {
    return "KeyEntry[" + leaf().getSubjectX500Principal() + "]";
  }
}
