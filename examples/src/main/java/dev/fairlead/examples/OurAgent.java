package dev.fairlead.examples;

import dagger.BindsInstance;
import dagger.Component;
import dev.fairlead.agent.dagger.AgentModule;
import dev.fairlead.agent.dagger.ForAgent;
import dev.fairlead.agent.guard.Guard;
import dev.fairlead.agent.upstream.ApiServer;
import dev.fairlead.api.Agent;
import dev.fairlead.api.InstallToken;
import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.pki.CertificatePin;
import java.nio.file.Path;
import javax.inject.Singleton;

/** {@link EmbeddedAgent} wired by Dagger. */
@Singleton
@Component(modules = AgentModule.class)
interface OurAgent {

  Agent agent();

  @Component.Factory
  interface Factory {
    OurAgent create(
        @BindsInstance AgentTransport hub,
        @BindsInstance CertificatePin hubCa,
        @BindsInstance InstallToken token,
        @BindsInstance @ForAgent Path directory,
        @BindsInstance ApiServer cluster,
        @BindsInstance Guard guard);
  }
}
