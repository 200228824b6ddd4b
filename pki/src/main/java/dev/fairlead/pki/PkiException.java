package dev.fairlead.pki;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Something about keys or certificates was refused or failed. The message says what was found and
 * what was expected, and never holds key material.
 */
public final class PkiException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** What a caller can do about it. */
  public enum Code {
    /**
     * A certificate signing request is malformed, unproved, too large or asks with an unacceptable
     * key.
     */
    REQUEST_REFUSED,
    /** A certificate, or a chain with its key, is not what it has to be. */
    CERTIFICATE_REFUSED,
    /** A certificate is outside its validity period. */
    EXPIRED,
    /**
     * What lies on disk is incomplete, damaged or open to others; a person has to look. Nothing was
     * changed.
     */
    STORAGE_REFUSED,
    /** Reading or writing failed; trying again may help. */
    STORAGE_FAILED,
    /** The JVM's security providers could not do what they were asked. */
    CRYPTO_FAILED
  }

  private final Code code;

  PkiException(Code code, String message) {
    this(code, message, null);
  }

  PkiException(Code code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = requireNonNull(code, "code");
  }

  /**
   * Tells the ways of failing apart.
   *
   * @return the code, never null
   */
  public Code code() {
    return code;
  }

  static PkiException crypto(String what, Throwable cause) {
    return new PkiException(Code.CRYPTO_FAILED, what + " failed: " + cause.getMessage(), cause);
  }
}
