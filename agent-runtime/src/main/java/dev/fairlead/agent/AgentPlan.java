package dev.fairlead.agent;

import dev.fairlead.agent.guard.Guard;
import dev.fairlead.agent.upstream.ApiServer;
import dev.fairlead.api.InstallToken;
import dev.fairlead.api.Time;
import dev.fairlead.api.metrics.Metrics;
import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.pki.AgentKeys;
import dev.fairlead.pki.CertificatePin;
import io.netty.channel.EventLoopGroup;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * An agent's configuration, checked.
 *
 * @param keys opens where key and certificate are kept; null for an agent without credentials
 * @param rotateAfter how many exchanges a tunnel carries before the next one is opened
 */
record AgentPlan(
    AgentTransport transport,
    @Nullable Supplier<AgentKeys> keys,
    @Nullable CertificatePin pin,
    @Nullable InstallToken token,
    ApiServer server,
    Guard guard,
    Duration drain,
    int rotateAfter,
    @Nullable Time time,
    RandomGenerator random,
    @Nullable EventLoopGroup loops,
    Metrics metrics) {

  HubCredentials credentials(Executor blocking, Time clock) {
    return keys == null
        ? new NoCredentials()
        : new CertifiedCredentials(transport, keys, pin, token, blocking, clock, random);
  }

  static Supplier<AgentKeys> inMemory() {
    AgentKeys kept = AgentKeys.inMemory(new SecureRandom());
    return () -> kept;
  }
}
