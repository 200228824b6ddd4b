package dev.fairlead.agent;

import dev.fairlead.agent.guard.Guard;
import dev.fairlead.agent.upstream.ApiServer;
import dev.fairlead.api.InstallToken;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.Time;
import dev.fairlead.api.metrics.Metrics;
import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.core.drain.DrainTimes;
import dev.fairlead.pki.AgentKeys;
import dev.fairlead.pki.CertificatePin;
import io.netty.channel.EventLoopGroup;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Collects an agent's configuration. {@link #build} checks it; nothing is touched before start. */
public final class AgentBuilder {

  private static final Duration LONGEST_DRAIN = Duration.ofHours(1);

  /**
   * HTTP/2 has 2^30 stream ids for each side; the rest is for what comes while a tunnel is dialled.
   */
  private static final int MOST_EXCHANGES = 1_000_000_000;

  private @Nullable AgentTransport transport;
  private @Nullable String pinText;
  private @Nullable InstallToken token;
  private @Nullable Supplier<AgentKeys> keys;
  private boolean withoutCredentials;
  private @Nullable ApiServer server;
  private Guard guard = Guard.standard();
  private Duration drain = DrainTimes.defaults().requests();
  private Duration drainStreams = DrainTimes.defaults().streams();
  private @Nullable Time time;
  private RandomGenerator random = new SecureRandom();
  private @Nullable EventLoopGroup loops;
  private Metrics metrics = Metrics.none();
  private int rotateAfter = MOST_EXCHANGES;

  AgentBuilder() {}

  /**
   * How to reach the hub. Required.
   *
   * @param value a transport, from now on the agent's own, which closes it
   * @return this
   */
  public AgentBuilder dial(AgentTransport value) {
    transport = Objects.requireNonNull(value, "transport");
    return this;
  }

  /**
   * The hub's CA. Required to enrol.
   *
   * @param value the CA certificate's pin
   * @return this
   */
  public AgentBuilder pinning(CertificatePin value) {
    return pinning(value.toString());
  }

  /**
   * The hub's CA. Required to enrol.
   *
   * @param value the CA certificate's pin: {@code sha256:} and 64 lower-case hex digits
   * @return this
   */
  public AgentBuilder pinning(String value) {
    pinText = Objects.requireNonNull(value, "pin");
    return this;
  }

  /**
   * What to enrol with. Required for the first start; not used while there is a valid certificate.
   *
   * @param value an install token
   * @return this
   */
  public AgentBuilder enrolWith(InstallToken value) {
    token = Objects.requireNonNull(value, "token");
    return this;
  }

  /**
   * Keeps the agent's key and certificate in a directory. This, {@link #keepInMemory} or {@link
   * #withoutCredentials} is required.
   *
   * @param directory a directory of the agent's own, {@code 0700}, made if it does not exist
   * @return this
   */
  public AgentBuilder keepIn(Path directory) {
    Objects.requireNonNull(directory, "directory");
    keys = () -> AgentKeys.open(directory, new SecureRandom());
    return this;
  }

  /**
   * Keeps the agent's key and certificate in memory, so that it enrols anew at each start.
   *
   * @return this
   */
  public AgentBuilder keepInMemory() {
    keys = AgentPlan.inMemory();
    return this;
  }

  /**
   * For an agent in the hub's own process, whose transport says who it is.
   *
   * @return this
   */
  public AgentBuilder withoutCredentials() {
    withoutCredentials = true;
    return this;
  }

  /**
   * Which cluster the agent serves. Required.
   *
   * @param value the cluster's API server
   * @return this
   */
  public AgentBuilder cluster(ApiServer value) {
    server = Objects.requireNonNull(value, "cluster");
    return this;
  }

  /**
   * What the agent refuses by itself. {@link Guard#standard()} unless set.
   *
   * @param value a guard
   * @return this
   */
  public AgentBuilder guard(Guard value) {
    guard = Objects.requireNonNull(value, "guard");
    return this;
  }

  /**
   * How long a close waits for exchanges under way, whatever their kind. {@link
   * DrainTimes#defaults} unless set.
   *
   * @param value zero to an hour
   * @return this
   */
  public AgentBuilder drainFor(Duration value) {
    drain = Objects.requireNonNull(value, "drain");
    drainStreams = value;
    return this;
  }

  /**
   * How long a close waits for exchanges under way, by their kind. {@link DrainTimes#defaults}
   * unless set.
   *
   * @param times the times
   * @return this
   */
  public AgentBuilder drainFor(DrainTimes times) {
    drain = times.requests();
    drainStreams = times.streams();
    return this;
  }

  /**
   * Where the agent gets its time from. The machine's unless set.
   *
   * @param value the time
   * @return this
   */
  public AgentBuilder time(Time value) {
    time = Objects.requireNonNull(value, "time");
    return this;
  }

  /**
   * Where the agent gets the jitter of its waits from; keys come from a {@link SecureRandom}
   * whatever is set here.
   *
   * @param value a generator that is safe for use by any thread
   * @return this
   */
  public AgentBuilder random(RandomGenerator value) {
    random = Objects.requireNonNull(value, "random");
    return this;
  }

  /**
   * Shares event loops, which the agent then does not stop. One of its own unless set. A transport
   * that can, as WebSocket's, runs on them, too.
   *
   * @param value event loops for NIO, or for epoll
   * @return this
   */
  public AgentBuilder eventLoops(EventLoopGroup value) {
    loops = Objects.requireNonNull(value, "loops");
    return this;
  }

  /**
   * Where counts and measurements go. Nowhere unless set.
   *
   * @param value what collects them
   * @return this
   */
  public AgentBuilder metrics(Metrics value) {
    metrics = Objects.requireNonNull(value, "metrics");
    return this;
  }

  /**
   * After how many exchanges a tunnel is replaced: the next one is opened first, and the old one
   * ends with its last exchange. A tunnel cannot carry more than 2^30. 1,000,000,000 unless set.
   *
   * @param exchanges 1 to 1,000,000,000
   * @return this
   */
  public AgentBuilder rotateAfter(int exchanges) {
    rotateAfter = exchanges;
    return this;
  }

  /**
   * Checks everything and makes an agent that was not started.
   *
   * @return the agent
   * @throws InvalidException with every mistake that was found
   */
  public FairleadAgent build() {
    FairleadAgent agent = checked();
    agent.giveStreams(drainStreams);
    return agent;
  }

  private FairleadAgent checked() {
    List<String> mistakes = new ArrayList<>();
    AgentTransport dialled = require(transport, "dial: not set (expected: a transport)", mistakes);
    ApiServer cluster =
        require(server, "cluster: not set (expected: an ApiServer, such as inCluster())", mistakes);
    CertificatePin pin = pin(mistakes);
    if (withoutCredentials) {
      if (keys != null || token != null || pinText != null) {
        mistakes.add(
            "withoutCredentials: set beside keepIn, keepInMemory, enrolWith or pinning (expected:"
                + " either it or these)");
      }
    } else if (keys == null) {
      mistakes.add(
          "keepIn: not set (expected: keepIn(directory), keepInMemory() or, in the hub's own"
              + " process, withoutCredentials())");
    }
    if (token != null && pinText == null) {
      mistakes.add("pinning: not set (expected: the pin of the hub's CA beside an install token)");
    }
    if (drain.isNegative() || drain.compareTo(LONGEST_DRAIN) > 0) {
      mistakes.add("drainFor: " + drain + " (expected: PT0S to " + LONGEST_DRAIN + ")");
    }
    if (rotateAfter < 1 || rotateAfter > MOST_EXCHANGES) {
      mistakes.add("rotateAfter: " + rotateAfter + " (expected: 1 to " + MOST_EXCHANGES + ")");
    }
    if (!mistakes.isEmpty() || dialled == null || cluster == null) {
      throw new InvalidException("agent: " + String.join("; ", mistakes));
    }
    return new FairleadAgent(
        new AgentPlan(
            dialled,
            keys,
            pin,
            token,
            cluster,
            guard,
            drain,
            rotateAfter,
            time,
            random,
            loops,
            metrics));
  }

  private @Nullable CertificatePin pin(List<String> mistakes) {
    if (pinText == null) {
      return null;
    }
    try {
      return CertificatePin.parse(pinText);
    } catch (InvalidException e) {
      mistakes.add("pinning: " + e.getMessage());
      return null;
    }
  }

  private static <T> @Nullable T require(@Nullable T value, String mistake, List<String> mistakes) {
    if (value == null) {
      mistakes.add(mistake);
    }
    return value;
  }
}
