package dev.fairlead.core.drain;

import dev.fairlead.core.request.KubernetesRequest;

/** How long an exchange lasts by its nature, and so what a drain does to it. */
public enum Lasting {

  /** Until it is answered. */
  REQUEST,

  /** For ever, in events; its client opens it anew when it ends. */
  WATCH,

  /** As long as its user likes: exec, attach, port-forward, logs. */
  STREAM;

  /**
   * Tells which one an exchange is.
   *
   * @param request what is asked
   * @param upgrade whether it asks for another protocol
   * @return its kind
   */
  public static Lasting of(KubernetesRequest request, boolean upgrade) {
    if (upgrade) {
      return STREAM;
    }
    if (request.info().verb().equals("watch")) {
      return WATCH;
    }
    return request.isLongRunning() ? STREAM : REQUEST;
  }
}
