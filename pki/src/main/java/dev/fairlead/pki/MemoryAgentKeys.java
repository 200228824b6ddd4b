package dev.fairlead.pki;

import static java.util.Objects.requireNonNull;

import java.security.KeyPair;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Keys that end with the process. */
final class MemoryAgentKeys implements AgentKeys {

  private final SecureRandom random;
  private final AtomicReference<@Nullable AgentCredentials> kept = new AtomicReference<>();

  MemoryAgentKeys(SecureRandom random) {
    this.random = random;
  }

  @Override
  public KeyPair newKeyPair() {
    return Keys.newP256(random);
  }

  @Override
  public byte[] csr(KeyPair keys) {
    return CertificateRequest.of(keys, random);
  }

  @Override
  public void save(AgentCredentials credentials) {
    kept.set(requireNonNull(credentials, "credentials"));
  }

  @Override
  public Optional<AgentCredentials> load() {
    return Optional.ofNullable(kept.get());
  }

  @Override
  public String toString() {
    return "AgentKeys[in memory]";
  }
}
