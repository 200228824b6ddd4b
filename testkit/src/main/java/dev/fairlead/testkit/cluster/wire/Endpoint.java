package dev.fairlead.testkit.cluster.wire;

/** What answers requests. Called on the connection's thread; must not block. */
public interface Endpoint {
  /**
   * Answers one request. Failures are replies, not exceptions.
   *
   * @param request the request
   * @return the reply
   */
  Reply answer(WireRequest request);

  /**
   * Answers what never became a request.
   *
   * @param status HTTP status
   * @param message what was wrong
   * @return the reply
   */
  Reply.Whole refuse(int status, String message);
}
