package dev.fairlead.benchmarks.node;

import dev.fairlead.api.ClusterName;
import dev.fairlead.core.memory.InMemoryTransport;
import io.netty.channel.EventLoopGroup;

/** A hub and an agent in one process, with the tunnel in memory. */
final class BothRole implements Node.Role {

  private final HubRole hub;
  private final AgentRole agent;

  BothRole(NodeOptions options) throws Exception {
    EventLoopGroup loops = Node.loops(options.number("loops"));
    InMemoryTransport memory = InMemoryTransport.create();
    hub = new HubRole(options, memory.hub(), loops);
    agent =
        new AgentRole(
            options,
            memory.agent(),
            hub.hub().fleet().issueInstallToken(ClusterName.of("bench-0")).token(),
            hub.hub().pin().toString(),
            loops);
  }

  @Override
  public String ready() {
    return hub.ready();
  }

  @Override
  public String command(String name, String argument) {
    throw new IllegalArgumentException("command: " + name);
  }

  @Override
  public void close() {
    agent.close();
    hub.close();
  }
}
