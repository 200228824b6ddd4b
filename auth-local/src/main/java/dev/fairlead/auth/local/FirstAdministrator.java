package dev.fairlead.auth.local;

import java.util.Objects;

/**
 * The administrator that was made because there was no user at all.
 *
 * @param email by what to sign in
 * @param password a random password, which is kept only as a hash: show it once
 */
public record FirstAdministrator(String email, String password) {

  /**
   * Checks the parts.
   *
   * @param email by what to sign in
   * @param password a random password
   */
  public FirstAdministrator {
    Objects.requireNonNull(email, "email");
    Objects.requireNonNull(password, "password");
  }

  /** All but the password. */
  @Override
  public String toString() {
    return "FirstAdministrator[" + email + "]";
  }
}
