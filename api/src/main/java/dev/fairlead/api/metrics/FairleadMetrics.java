package dev.fairlead.api.metrics;

import dev.fairlead.api.metrics.Metric.Kind;
import java.util.List;

/**
 * Everything that a hub and an agent count and measure.
 *
 * <p>The label {@code leg} tells where a connection leads: {@code front_door} from a user to the
 * hub, {@code tunnel} between hub and agent, {@code upstream} from an agent to its API server.
 */
public final class FairleadMetrics {

  /** The streams (requests, watches, upgraded connections) that are open. */
  public static final Metric STREAMS_OPEN =
      new Metric(
          "fairlead.link.streams.open",
          Kind.GAUGE,
          "{stream}",
          "Requests, watches and upgraded connections that are open.",
          List.of("leg"));

  /** The streams that were opened. */
  public static final Metric STREAMS =
      new Metric(
          "fairlead.link.streams",
          Kind.COUNTER,
          "{stream}",
          "Requests, watches and upgraded connections that were opened.",
          List.of("leg"));

  /** The bytes of bodies and raw streams that arrived. */
  public static final Metric BYTES_RECEIVED =
      new Metric(
          "fairlead.link.bytes.received",
          Kind.COUNTER,
          "By",
          "Bytes of bodies and upgraded connections that arrived.",
          List.of("leg"));

  /** The bytes of bodies and raw streams that were sent. */
  public static final Metric BYTES_SENT =
      new Metric(
          "fairlead.link.bytes.sent",
          Kind.COUNTER,
          "By",
          "Bytes of bodies and upgraded connections that were sent.",
          List.of("leg"));

  /** The bytes that arrived and were not given back yet, or wait to be sent. */
  public static final Metric BYTES_BUFFERED =
      new Metric(
          "fairlead.link.bytes.buffered",
          Kind.GAUGE,
          "By",
          "Bytes of bodies and upgraded connections that wait to be sent; what one connection"
              + " received waits at the one it is sent on.",
          List.of("leg"));

  /** How often a stream had bytes to send that its peer's window did not let through. */
  public static final Metric STALLS =
      new Metric(
          "fairlead.link.stalls",
          Kind.COUNTER,
          "{stall}",
          "Times a stream had something to send and its receiver's window was used up.",
          List.of("leg"));

  /** The streams that wait for their peer's window. */
  public static final Metric STREAMS_STALLED =
      new Metric(
          "fairlead.link.streams.stalled",
          Kind.GAUGE,
          "{stream}",
          "Streams that have something to send and whose receiver's window is used up.",
          List.of("leg"));

  /** How often windows were not grown because the memory cap of the connection was reached. */
  public static final Metric WINDOWS_CAPPED =
      new Metric(
          "fairlead.link.windows.capped",
          Kind.COUNTER,
          "{event}",
          "Times a stream's window was not grown as the connection's memory cap was reached.",
          List.of("leg"));

  /** The bytes that peers were allowed to send. */
  public static final Metric WINDOW_BYTES =
      new Metric(
          "fairlead.link.windows.bytes",
          Kind.GAUGE,
          "By",
          "The sum of the windows of all open streams: what their peers may send at most before"
              + " they are held up.",
          List.of("leg"));

  /** The time from a PING to its answer. */
  public static final Metric ROUND_TRIP =
      new Metric(
          "fairlead.link.round_trip",
          Kind.TIMER,
          "s",
          "The time from a PING to its answer.",
          List.of("leg"));

  /** The connections that are open. */
  public static final Metric LINKS_OPEN =
      new Metric(
          "fairlead.link.open",
          Kind.GAUGE,
          "{connection}",
          "Connections that are open; with the leg tunnel, tunnels.",
          List.of("leg"));

  /** The connections that were opened. */
  public static final Metric LINKS =
      new Metric(
          "fairlead.link.opened",
          Kind.COUNTER,
          "{connection}",
          "Connections that were opened; with the leg tunnel, tunnels.",
          List.of("leg"));

  /** The tunnels that an agent opened after it had lost one. */
  public static final Metric RECONNECTS =
      new Metric(
          "fairlead.agent.reconnects",
          Kind.COUNTER,
          "{tunnel}",
          "Tunnels that an agent opened, after its first one.",
          List.of());

  /** The TLS handshakes of users that were done, and how long they took. */
  public static final Metric HANDSHAKES =
      new Metric(
          "fairlead.front_door.handshake",
          Kind.TIMER,
          "s",
          "The time that TLS handshakes of users took, from the connection on.",
          List.of());

  /** The TLS handshakes of users that are under way. */
  public static final Metric HANDSHAKES_OPEN =
      new Metric(
          "fairlead.front_door.handshakes.open",
          Kind.GAUGE,
          "{handshake}",
          "TLS handshakes of users that are under way.",
          List.of());

  /**
   * The requests, agents and connections that were turned away, by reason.
   *
   * <p>Of requests that the hub answered in a cluster's place, the reason is that of the {@code
   * metav1.Status}: {@code bad-request}, {@code unauthorized}, {@code forbidden}, {@code
   * not-found}, {@code method-not-allowed}, {@code conflict}, {@code request-entity-too-large},
   * {@code too-many-requests}, {@code request-header-fields-too-large}, {@code internal-error},
   * {@code bad-gateway}, {@code service-unavailable}, {@code timeout}. Of users' connections:
   * {@code connections} and {@code connections-of-address} (there are too many), {@code handshakes}
   * (the oldest of too many), {@code handshake-late}, {@code handshake-failed}, {@code slow-client}
   * (what was to be read did not come) and {@code malformed} (no request of HTTP/1.1). Of agents:
   * {@code agent-connections} (the oldest without a tunnel of too many), {@code agent-handshakes},
   * {@code agent-handshake-late} and {@code agent-handshake-failed} (the same at a port of agents'
   * own), {@code tunnel-rate}, {@code tunnels-opening} and {@code certificate-rate}.
   */
  public static final Metric REFUSALS =
      new Metric(
          "fairlead.refusals",
          Kind.COUNTER,
          "{refusal}",
          "Requests, agents and connections that were turned away, by reason.",
          List.of("reason"));

  /** The audit events that wait in a buffer while the requests they are about go on. */
  public static final Metric AUDIT_BUFFERED =
      new Metric(
          "fairlead.audit.buffered",
          Kind.GAUGE,
          "{event}",
          "Audit events that wait in a buffer while the requests they are about go on.",
          List.of());

  /** The audit events of requests that went on, and that were never written. */
  public static final Metric AUDIT_LOST =
      new Metric(
          "fairlead.audit.lost",
          Kind.COUNTER,
          "{event}",
          "Audit events of requests that went on, and that were never written.",
          List.of());

  private FairleadMetrics() {}

  /**
   * All of them, for those who list or register them in advance.
   *
   * @return the metrics, in the order of this class
   */
  public static List<Metric> all() {
    return List.of(
        STREAMS_OPEN,
        STREAMS,
        BYTES_RECEIVED,
        BYTES_SENT,
        BYTES_BUFFERED,
        STALLS,
        STREAMS_STALLED,
        WINDOWS_CAPPED,
        WINDOW_BYTES,
        ROUND_TRIP,
        LINKS_OPEN,
        LINKS,
        RECONNECTS,
        HANDSHAKES,
        HANDSHAKES_OPEN,
        REFUSALS,
        AUDIT_BUFFERED,
        AUDIT_LOST);
  }
}
