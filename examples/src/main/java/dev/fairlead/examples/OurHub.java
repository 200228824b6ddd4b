package dev.fairlead.examples;

import dagger.BindsInstance;
import dagger.Component;
import dagger.Module;
import dagger.Provides;
import dagger.multibindings.IntoSet;
import dev.fairlead.api.audit.AuditSink;
import dev.fairlead.api.auth.Authenticator;
import dev.fairlead.api.auth.Authorizer;
import dev.fairlead.api.transport.HubTransport;
import dev.fairlead.core.audit.JsonLinesAuditSink;
import dev.fairlead.core.authentication.StaticTokens;
import dev.fairlead.core.authorization.Roles;
import dev.fairlead.core.hub.FairleadHub;
import dev.fairlead.core.hub.dagger.HubModule;
import dev.fairlead.core.hub.dagger.Keeping;
import dev.fairlead.gateway.Gateway;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import javax.inject.Singleton;

/** {@link EmbeddedHub} wired by Dagger. */
@Singleton
@Component(modules = {HubModule.class, OurHub.Settings.class})
interface OurHub {

  FairleadHub hub();

  Gateway gateway();

  @Component.Factory
  interface Factory {
    OurHub create(@BindsInstance Path directory, @BindsInstance HubTransport agents);
  }

  @Module
  interface Settings {

    @Provides
    @IntoSet
    static HubTransport transport(HubTransport agents) {
      return agents;
    }

    @Provides
    @IntoSet
    static Authenticator tokens(Path directory) {
      return StaticTokens.load(directory.resolve("tokens.csv"));
    }

    @Provides
    static Authorizer roles(Path directory) {
      return Roles.load(directory.resolve("roles.yaml"));
    }

    @Provides
    static AuditSink audit(Path directory) {
      try {
        return JsonLinesAuditSink.open(directory.resolve("audit.log"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Provides
    static Keeping keeping(Path directory) {
      return Keeping.in(directory.resolve("hub"));
    }

    @Provides
    @Singleton
    static Gateway gateway(FairleadHub hub) {
      return Gateway.builder(hub).listen(0).tlsByHub("localhost").build();
    }
  }
}
