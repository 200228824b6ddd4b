package dev.fairlead.agent.dagger;

import static org.assertj.core.api.Assertions.assertThat;

import dagger.BindsInstance;
import dagger.Component;
import dev.fairlead.agent.guard.Guard;
import dev.fairlead.agent.upstream.ApiServer;
import dev.fairlead.api.Agent;
import dev.fairlead.api.ClusterName;
import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.core.memory.InMemoryTransport;
import java.nio.file.Path;
import java.time.Duration;
import javax.inject.Singleton;
import org.junit.jupiter.api.Test;

class AgentModuleTest {

  @Singleton
  @Component(modules = AgentModule.class)
  interface OurAgent {
    Agent agent();

    @Component.Factory
    interface Factory {
      OurAgent create(
          @BindsInstance AgentTransport transport,
          @BindsInstance ApiServer cluster,
          @BindsInstance Guard guard,
          @BindsInstance @ForAgent Duration drain);
    }
  }

  @Test
  void componentMakesOneAgent() {
    OurAgent component =
        DaggerAgentModuleTest_OurAgent.factory()
            .create(
                InMemoryTransport.create().agent(new ClusterName("prod"), "agent-1"),
                ApiServer.kubeconfig(Path.of("kubeconfig")),
                Guard.deny("exec"),
                Duration.ofSeconds(1));
    try (Agent agent = component.agent()) {
      assertThat(agent.state()).isEqualTo(Agent.State.NEW);
      assertThat(component.agent()).isSameAs(agent);
    }
  }
}
