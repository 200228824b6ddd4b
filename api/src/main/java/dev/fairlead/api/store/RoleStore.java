package dev.fairlead.api.store;

import java.util.Objects;

/**
 * Who may do what: the roles and their bindings, as one text, because they change as a whole or not
 * at all.
 */
public interface RoleStore {

  /**
   * The roles and bindings at one moment.
   *
   * @param text in the form that the hub reads, which is YAML or JSON; empty as long as none were
   *     ever stored
   */
  record StoredRoles(String text) {
    /**
     * Checks the parts.
     *
     * @param text in the form that the hub reads, or empty
     */
    public StoredRoles {
      Objects.requireNonNull(text, "text");
    }

    /** How long it is: who may do what is for administrators only. */
    @Override
    public String toString() {
      return "StoredRoles[" + text.length() + " characters]";
    }
  }

  /** A listener's place among the others. */
  interface Watch extends AutoCloseable {
    /**
     * Ends it; a call that is under way may still come through. Any thread, any number of times.
     */
    @Override
    void close();
  }

  /**
   * The roles and bindings as they are now.
   *
   * @return what was stored last
   * @throws dev.fairlead.api.InvalidException if what is there cannot be read
   */
  StoredRoles get();

  /**
   * Puts others in their place: of any number of calls at the same time that replace the same,
   * exactly one can succeed. The store does not look into the text.
   *
   * @param before as the caller read them
   * @param after what is to be there
   * @return whether {@code before} was still there; if not, nothing was changed
   * @throws dev.fairlead.api.ConflictException if they may only be changed elsewhere
   */
  boolean replace(StoredRoles before, StoredRoles after);

  /**
   * Tells of changes, by whomever, also by another process as far as the store can know, so that
   * nobody has to ask with each request. May be called before the stores are open.
   *
   * @param changed is called when {@link #get} may answer otherwise than before, by any thread and
   *     after the answer is the new one; several changes may come as one call, and a call may come
   *     without a change. It may call {@link #get}, and throws nothing.
   * @return ends it
   */
  Watch watch(Runnable changed);
}
