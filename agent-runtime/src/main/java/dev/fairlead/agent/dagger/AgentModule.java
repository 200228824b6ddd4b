package dev.fairlead.agent.dagger;

import dagger.BindsOptionalOf;
import dagger.Module;
import dagger.Provides;
import dev.fairlead.agent.AgentBuilder;
import dev.fairlead.agent.FairleadAgent;
import dev.fairlead.agent.guard.Guard;
import dev.fairlead.agent.upstream.ApiServer;
import dev.fairlead.api.Agent;
import dev.fairlead.api.InstallToken;
import dev.fairlead.api.Time;
import dev.fairlead.api.metrics.Metrics;
import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.pki.CertificatePin;
import io.netty.channel.EventLoopGroup;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.inject.Singleton;

/**
 * Provides one {@link Agent}, which the caller starts and closes. An {@link AgentTransport} and an
 * {@link ApiServer} have to be bound; all else that {@link AgentBuilder} takes may be. Without a
 * {@link ForAgent} directory the agent keeps its certificate in memory; without an install token as
 * well it has none, as in the hub's own process.
 */
@Module
public abstract class AgentModule {

  private AgentModule() {}

  @BindsOptionalOf
  abstract Guard guard();

  @BindsOptionalOf
  abstract InstallToken token();

  @BindsOptionalOf
  abstract CertificatePin pin();

  @BindsOptionalOf
  @ForAgent
  abstract Path directory();

  @BindsOptionalOf
  @ForAgent
  abstract Duration drain();

  @BindsOptionalOf
  abstract Time time();

  @BindsOptionalOf
  @ForAgent
  abstract RandomGenerator random();

  @BindsOptionalOf
  abstract EventLoopGroup loops();

  @BindsOptionalOf
  abstract Metrics metrics();

  @Provides
  @Singleton
  static Agent agent(
      AgentTransport transport,
      ApiServer cluster,
      Optional<Guard> guard,
      Optional<InstallToken> token,
      Optional<CertificatePin> pin,
      @ForAgent Optional<Path> directory,
      @ForAgent Optional<Duration> drain,
      Optional<Time> time,
      @ForAgent Optional<RandomGenerator> random,
      Optional<EventLoopGroup> loops,
      Optional<Metrics> metrics) {
    AgentBuilder builder = FairleadAgent.builder().dial(transport).cluster(cluster);
    guard.ifPresent(builder::guard);
    token.ifPresent(builder::enrolWith);
    pin.ifPresent(builder::pinning);
    directory.ifPresent(builder::keepIn);
    if (directory.isEmpty() && token.isPresent()) {
      builder.keepInMemory();
    } else if (directory.isEmpty()) {
      builder.withoutCredentials();
    }
    drain.ifPresent(builder::drainFor);
    time.ifPresent(builder::time);
    random.ifPresent(builder::random);
    loops.ifPresent(builder::eventLoops);
    metrics.ifPresent(builder::metrics);
    return builder.build();
  }
}
