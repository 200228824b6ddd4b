/**
 * What an embedder of Fairlead sees: hubs, agents, the fleet, identities and the exceptions they
 * throw.
 *
 * <h2>How asynchrony looks</h2>
 *
 * <p>There are three kinds of calls, and each kind looks the same everywhere:
 *
 * <ul>
 *   <li><b>Control operations block.</b> Starting a hub, issuing a token, listing clusters or
 *       dialling an enrolment return their result or throw. They hold no lock while they wait for
 *       I/O and are safe on virtual threads. They must not be called on a thread that delivers
 *       callbacks.
 *   <li><b>What stands in the way of a request returns a {@link
 *       java.util.concurrent.CompletionStage}</b>: {@link dev.fairlead.api.auth.Authenticator},
 *       {@link dev.fairlead.api.auth.Authorizer} and {@link dev.fairlead.api.audit.AuditSink}. An
 *       implementation never blocks its caller; a stage that is already complete costs nothing. A
 *       stage that completes exceptionally, or a call that throws, refuses the request.
 *   <li><b>Streams carry demand.</b> A producer calls its listener only as often as was requested
 *       ({@link dev.fairlead.api.transport.Pipe}), or the consumer takes one element after the
 *       other ({@link dev.fairlead.api.FleetWatch}). Nothing between the two is an unbounded queue.
 * </ul>
 *
 * <p>Callbacks of one object are serial: the next one starts after the former returned, and what
 * the former wrote is visible to it. They may come on any thread, and never from within a call of
 * the same object. {@code close()} may be called at any time, from any thread, any number of times;
 * the first call does the work and every call returns after it is done.
 *
 * <p>Nothing here is null unless it is marked {@link org.jspecify.annotations.Nullable}; a null
 * argument is a {@link NullPointerException}.
 */
@NullMarked
package dev.fairlead.api;

import org.jspecify.annotations.NullMarked;
