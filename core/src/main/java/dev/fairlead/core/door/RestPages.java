package dev.fairlead.core.door;

import java.util.List;

/**
 * REST pages on the door that users come through, beside the clusters' paths: for modules and
 * embedders that offer something of their own there. A door asks with whole requests and takes
 * whole answers; nothing here streams.
 *
 * <p>Pages are called by many threads at once, which belong to the door and of which there are few:
 * an answer may block, but not for long. What an answer throws becomes a problem (RFC 9457): a
 * {@link RestProblemException} the one it holds, a {@link dev.fairlead.api.FairleadException} the
 * one that fits its code, anything else 500 without a word of what it was.
 *
 * <p>Whoever makes pages also ends what they own; a door does not.
 */
public interface RestPages {

  /** The most bytes of a request's body, unless pages say otherwise. */
  int USUAL_BODY = 64 * 1024;

  /**
   * Whose paths these are. A prefix is one or more segments of {@code A-Z a-z 0-9 . _ -}, each
   * behind a slash, such as {@code /auth}; it owns itself and everything below it. The clusters'
   * and agents' paths and those of probes cannot be had, and no two prefixes can contain one
   * another.
   *
   * @return the prefixes, at least one; always the same
   */
  List<String> prefixes();

  /**
   * The most bytes of a request's body; a longer one is answered with 413 before this is asked.
   *
   * @return zero or more, at most 1 MiB; always the same
   */
  default int largestBody() {
    return USUAL_BODY;
  }

  /**
   * Answers one request. May block for as long as a user may wait.
   *
   * @param call the request
   * @return the answer; the body of one to {@code HEAD} is not sent
   */
  RestAnswer answer(RestCall call);
}
