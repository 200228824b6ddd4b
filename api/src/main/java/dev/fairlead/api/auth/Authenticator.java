package dev.fairlead.api.auth;

import java.util.concurrent.CompletionStage;

/**
 * Tells who asks. Called for each request, by many threads at once; must not block.
 *
 * <p>A stage that completes exceptionally, or a call that throws, refuses the request.
 */
@FunctionalInterface
public interface Authenticator {

  /**
   * Examines a credential.
   *
   * @param token a bearer token as the client sent it; not empty
   * @return a stage with what was found
   */
  CompletionStage<Authentication> authenticate(BearerToken token);
}
