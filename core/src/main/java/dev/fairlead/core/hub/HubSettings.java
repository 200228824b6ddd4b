package dev.fairlead.core.hub;

import dev.fairlead.api.InvalidException;
import dev.fairlead.core.drain.DrainTimes;
import dev.fairlead.core.enrolment.EnrolmentSettings;
import dev.fairlead.core.exchange.ExchangeLimits;
import dev.fairlead.core.exchange.Recording;
import dev.fairlead.core.http.LinkSettings;
import java.util.ArrayList;
import java.util.List;

/**
 * The bounds and names of a hub.
 *
 * @param tunnelNames 1 or more DNS names and IP addresses under which agents dial the hub
 * @param tunnel the bounds of each tunnel
 * @param enrolment how agents are enrolled
 * @param agents how fast agents come in
 * @param exchanges how many requests may be under way
 * @param recording what of requests is recorded
 * @param drain how long exchanges may go on after {@code close()} was called
 */
public record HubSettings(
    List<String> tunnelNames,
    LinkSettings tunnel,
    EnrolmentSettings enrolment,
    AgentLimits agents,
    ExchangeLimits exchanges,
    Recording recording,
    DrainTimes drain) {

  /**
   * Checks and copies the parts.
   *
   * @throws InvalidException if one is out of range; the message lists every mistake
   */
  public HubSettings {
    tunnelNames = List.copyOf(tunnelNames);
    List<String> mistakes = new ArrayList<>();
    if (tunnelNames.isEmpty()) {
      mistakes.add("tunnelNames: none (expected: at least 1 name that agents dial)");
    }
    if (!mistakes.isEmpty()) {
      throw new InvalidException(String.join("; ", mistakes));
    }
  }

  /**
   * For those who have no wishes: agents dial {@code localhost}, requests get 10 s to end, streams
   * 20 s.
   *
   * @return the settings
   */
  public static HubSettings defaults() {
    return new HubSettings(
        List.of("localhost", "127.0.0.1"),
        LinkSettings.TUNNEL,
        EnrolmentSettings.defaults(),
        AgentLimits.defaults(),
        ExchangeLimits.defaults(),
        Recording.defaults(),
        DrainTimes.defaults());
  }

  /**
   * The same with other names.
   *
   * @param names DNS names and IP addresses under which agents dial the hub
   * @return new settings
   */
  public HubSettings withTunnelNames(List<String> names) {
    return new HubSettings(names, tunnel, enrolment, agents, exchanges, recording, drain);
  }

  /**
   * The same with other bounds of each tunnel.
   *
   * @param settings the bounds
   * @return new settings
   */
  public HubSettings withTunnel(LinkSettings settings) {
    return new HubSettings(tunnelNames, settings, enrolment, agents, exchanges, recording, drain);
  }

  /**
   * The same with another way of enrolling.
   *
   * @param settings how agents are enrolled
   * @return new settings
   */
  public HubSettings withEnrolment(EnrolmentSettings settings) {
    return new HubSettings(tunnelNames, tunnel, settings, agents, exchanges, recording, drain);
  }

  /**
   * The same with other limits of agents.
   *
   * @param limits how fast agents come in
   * @return new settings
   */
  public HubSettings withAgents(AgentLimits limits) {
    return new HubSettings(tunnelNames, tunnel, enrolment, limits, exchanges, recording, drain);
  }

  /**
   * The same with other limits of requests.
   *
   * @param limits how many may be under way
   * @return new settings
   */
  public HubSettings withExchanges(ExchangeLimits limits) {
    return new HubSettings(tunnelNames, tunnel, enrolment, agents, limits, recording, drain);
  }

  /**
   * The same with other records.
   *
   * @param what what of requests is recorded
   * @return new settings
   */
  public HubSettings withRecording(Recording what) {
    return new HubSettings(tunnelNames, tunnel, enrolment, agents, exchanges, what, drain);
  }

  /**
   * The same with another drain.
   *
   * @param times how long exchanges may go on after {@code close()} was called
   * @return new settings
   */
  public HubSettings withDrain(DrainTimes times) {
    return new HubSettings(tunnelNames, tunnel, enrolment, agents, exchanges, recording, times);
  }
}
