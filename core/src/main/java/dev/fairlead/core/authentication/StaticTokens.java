package dev.fairlead.core.authentication;

import dev.fairlead.api.InvalidException;
import dev.fairlead.api.auth.Authentication;
import dev.fairlead.api.auth.Authenticator;
import dev.fairlead.api.auth.BearerToken;
import dev.fairlead.api.auth.Credential;
import dev.fairlead.core.secret.RandomSecrets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Bearer tokens from a file of the form that kube-apiserver's {@code --token-auth-file} has: lines
 * of {@code token,user,uid,"group1,group2"}, the groups optional. The file is read once; to change
 * it takes a restart.
 *
 * <p>In memory there are only hashes of the tokens, and a token is looked up by its hash, so that
 * the time this takes tells nothing about tokens that exist. Never blocks; safe for use by any
 * thread.
 */
public final class StaticTokens implements Authenticator {

  private static final CompletionStage<Authentication> UNKNOWN =
      CompletableFuture.completedStage(new Authentication.Unknown());

  private final Map<String, Authentication.Authenticated> byHash;

  private StaticTokens(Map<String, Authentication.Authenticated> byHash) {
    this.byHash = Map.copyOf(byHash);
  }

  /**
   * Reads a file. Blocks.
   *
   * @param file the file, at most 4 MiB, which only its owner may read and write (mode 0600 or
   *     narrower)
   * @return the tokens
   * @throws InvalidException if the file cannot be read, is open to others, or holds mistakes: all
   *     of them are listed with their lines, without showing what might be a token. A user or group
   *     that begins with {@code system:} is a mistake, see {@link ReservedNames}
   */
  public static StaticTokens load(Path file) {
    return new StaticTokens(StaticTokenFile.read(file));
  }

  /**
   * How many tokens there are.
   *
   * @return zero or more
   */
  public int size() {
    return byHash.size();
  }

  /**
   * {@inheritDoc}
   *
   * @return a complete stage: {@link Authentication.Authenticated}, or {@link
   *     Authentication.Unknown} for every other token, since any text could be a token here
   */
  @Override
  public CompletionStage<Authentication> authenticate(Credential credential) {
    if (!(credential instanceof BearerToken token)) {
      return UNKNOWN;
    }
    Authentication.Authenticated found = byHash.get(RandomSecrets.hash(token.reveal()));
    return found == null ? UNKNOWN : CompletableFuture.completedStage(found);
  }

  @Override
  public String toString() {
    return "StaticTokens[" + size() + "]";
  }
}
