package dev.fairlead.core.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.security.PublicKey;

/**
 * Signs the checkpoints of an audit file. Called by one thread at a time, which waits for the
 * answer: a key in a device of its own answers within some milliseconds, or holds the hub up.
 */
public interface ChainKey {

  /**
   * The key that verifiers need.
   *
   * @return an Ed25519 public key (RFC 8032), always the same
   */
  PublicKey publicKey();

  /**
   * Signs.
   *
   * @param statement what to sign
   * @return an Ed25519 signature of 64 bytes
   * @throws IOException if it cannot be made; the records that wait for it are then refused
   */
  byte[] sign(byte[] statement) throws IOException;

  /**
   * A key in a file of mode 0600, made if there is none, with the public key in a file beside it
   * whose name ends in {@code .pub}: that one is for verifiers. Blocks.
   *
   * @param file the file, PEM; its directory must exist
   * @return the key
   * @throws IOException if the file cannot be read or made, is no key, or somebody but its owner
   *     may read or write it
   */
  static ChainKey in(Path file) throws IOException {
    return KeyFile.in(file);
  }

  /**
   * Reads a public key, for verifiers.
   *
   * @param file the {@code .pub} file, PEM
   * @return the key
   * @throws IOException if the file cannot be read or is no Ed25519 public key
   */
  static PublicKey publicKeyIn(Path file) throws IOException {
    return KeyFile.publicKey(file);
  }
}
