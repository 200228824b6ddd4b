package dev.fairlead.auth.local;

import dev.fairlead.core.door.RestAnswer;
import dev.fairlead.core.door.RestCall;
import org.jspecify.annotations.Nullable;

/**
 * What is done at one path with one method, and how it is recorded.
 *
 * @param access who may
 * @param verb as Kubernetes would call it
 * @param resource of the hub's own group
 * @param subresource or empty
 * @param handler does it
 */
record Page(Access access, String verb, String resource, String subresource, Handler handler) {

  /** Who may. */
  enum Access {
    /** Anyone, and nobody records it. */
    PUBLIC,
    /** Anyone. */
    ANYONE,
    /** Who comes with an access token of these accounts. */
    USER,
    /** Such a user with the administrators' role. */
    ADMINISTRATOR
  }

  /** A call that may be answered. */
  record Admitted(RestCall call, Acts.Act act, LocalAccounts.@Nullable Bearer bearer) {

    /** The user's id in the path. */
    String id() {
      return call.segments().get(1);
    }

    /** Who calls, where only users can. */
    LocalAccounts.Bearer user() {
      LocalAccounts.Bearer present = bearer;
      if (present == null) {
        throw new IllegalStateException("page: open to anyone (expected: for users)");
      }
      return present;
    }
  }

  /** Does what is asked for. */
  interface Handler {
    RestAnswer answer(Admitted admitted);
  }
}
