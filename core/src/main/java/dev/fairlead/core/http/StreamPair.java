package dev.fairlead.core.http;

import io.netty.util.concurrent.EventExecutor;

/**
 * One request and its response without a connection: what is sent at one end arrives at the other,
 * and what is given back there has left here. Nothing is copied, and nothing is kept but what
 * nobody listens to yet, so each end bounds what it sends by what has left.
 *
 * @param caller the end that makes the request
 * @param served the end that takes it; its head is handed over beside the pair
 */
public record StreamPair(HttpStream caller, HttpStream served) {

  /**
   * Makes a pair.
   *
   * @param executor where callbacks of both ends run
   * @param requestEnded whether the request ends with its head
   * @return two new ends
   */
  public static StreamPair on(EventExecutor executor, boolean requestEnded) {
    LocalEnd caller = new LocalEnd(executor, requestEnded);
    LocalEnd served = new LocalEnd(executor, false);
    caller.join(served);
    served.join(caller);
    return new StreamPair(caller, served);
  }
}
