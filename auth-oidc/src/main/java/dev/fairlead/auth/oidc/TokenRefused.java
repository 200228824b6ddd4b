package dev.fairlead.auth.oidc;

/** A token of an issuer that is known here is no good. The message says why, without secrets. */
final class TokenRefused extends Exception {

  private static final long serialVersionUID = 1L;

  TokenRefused(String reason) {
    // Without a stack trace: this is an everyday answer, not a fault.
    super(reason, null, false, false);
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
