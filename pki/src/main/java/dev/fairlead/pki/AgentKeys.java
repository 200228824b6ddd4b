package dev.fairlead.pki;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.util.Optional;

/**
 * Where an agent keeps its private key with the certificate that belongs to it. Enrolment and
 * renewal are the same three steps: {@link #newKeyPair()}, {@link #csr}, and {@link #save} of what
 * the hub answered. The private key is in no message to anybody.
 *
 * <p>Implementations are thread-safe. Of saves that overlap, one is kept, whole.
 */
public interface AgentKeys {

  /**
   * Keeps them in a directory, {@code 0700}, in the one file {@code agent.pem}, {@code 0600}:
   * private key, certificate and the hub's CA certificate, in this order. It is one file so that
   * one rename replaces all: a save that is interrupted at any moment leaves the old key and
   * certificate or the new ones, never a mix.
   *
   * <p>An absent directory is created with its parents; what an interrupted save left in an
   * existing one is removed. Directory and file are examined again each time they are used.
   *
   * @param directory the directory, on a POSIX file system
   * @param random where keys and signatures take randomness from
   * @return the keys in that directory
   * @throws PkiException with {@link PkiException.Code#STORAGE_REFUSED} if the directory is a
   *     symbolic link, belongs to another user, has wider permissions, or lies on a file system
   *     without permissions; with {@link PkiException.Code#STORAGE_FAILED} if it cannot be read or
   *     created
   */
  static AgentKeys open(Path directory, SecureRandom random) {
    return DirectoryAgentKeys.open(
        requireNonNull(directory, "directory"), requireNonNull(random, "random"));
  }

  /**
   * Keeps them in memory, for tests and for agents that enrol anew at each start.
   *
   * @param random where keys and signatures take randomness from
   * @return keys that end with this object
   */
  static AgentKeys inMemory(SecureRandom random) {
    return new MemoryAgentKeys(requireNonNull(random, "random"));
  }

  /**
   * Makes a key pair. Nothing is kept until {@link #save}.
   *
   * @return a new P-256 key pair
   * @throws PkiException with {@link PkiException.Code#CRYPTO_FAILED} if the JVM cannot
   */
  KeyPair newKeyPair();

  /**
   * Makes a certificate signing request (PKCS #10, RFC 2986) that proves possession of the key and
   * asks for nothing else.
   *
   * @param keys the key pair to be certified
   * @return the request in DER
   * @throws PkiException with {@link PkiException.Code#CRYPTO_FAILED} if the JVM cannot sign it
   */
  byte[] csr(KeyPair keys);

  /**
   * Keeps a key with its certificate in place of the former one, durably once this returns.
   *
   * @param credentials what to keep
   * @throws PkiException with {@link PkiException.Code#STORAGE_REFUSED} or {@link
   *     PkiException.Code#STORAGE_FAILED} as in {@link #open}; what was kept before is then still
   *     kept
   */
  void save(AgentCredentials credentials);

  /**
   * Reads what was kept last. An expired certificate is returned like any other; see {@link
   * AgentCredentials#notAfter()}.
   *
   * @return the key and certificate, or empty if the agent has not enrolled yet
   * @throws PkiException with {@link PkiException.Code#STORAGE_REFUSED} if what is kept is damaged
   *     or open to others, or {@link PkiException.Code#STORAGE_FAILED} if it cannot be read
   */
  Optional<AgentCredentials> load();
}
