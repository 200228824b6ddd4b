package dev.fairlead.core.kubeconfig;

import dev.fairlead.api.InvalidException;
import dev.fairlead.api.auth.BearerToken;
import java.util.List;
import java.util.Objects;

/** How a kubectl with the kubeconfig proves who its user is. */
public sealed interface KubeconfigUser {

  /**
   * By a program that it runs (credential plugin, {@code client.authentication.k8s.io/v1}), which
   * never asks its user anything.
   *
   * @param command the program: a path, or a name to be found on the PATH
   * @param arguments its arguments, in order
   * @param installHint what kubectl says if there is no such program; may be empty
   */
  record Exec(String command, List<String> arguments, String installHint)
      implements KubeconfigUser {

    /**
     * Checks and copies the parts.
     *
     * @param command the program: a path, or a name to be found on the PATH
     * @param arguments its arguments, in order
     * @param installHint what kubectl says if there is no such program; may be empty
     * @throws InvalidException if {@code command} is blank
     */
    public Exec {
      if (command.isBlank()) {
        throw new InvalidException("command: blank (expected: a program)");
      }
      arguments = List.copyOf(arguments);
      Objects.requireNonNull(installHint, "installHint");
    }
  }

  /**
   * By a token in the kubeconfig itself, which is then a secret.
   *
   * @param token what the hub takes
   */
  record Token(BearerToken token) implements KubeconfigUser {

    /**
     * Checks the token.
     *
     * @param token what the hub takes
     */
    public Token {
      Objects.requireNonNull(token, "token");
    }
  }
}
