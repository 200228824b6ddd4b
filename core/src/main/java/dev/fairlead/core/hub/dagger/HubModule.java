package dev.fairlead.core.hub.dagger;

import dagger.Binds;
import dagger.BindsOptionalOf;
import dagger.Module;
import dagger.Provides;
import dagger.multibindings.Multibinds;
import dev.fairlead.api.Hub;
import dev.fairlead.api.Time;
import dev.fairlead.api.audit.AuditSink;
import dev.fairlead.api.auth.Authenticator;
import dev.fairlead.api.auth.Authorizer;
import dev.fairlead.api.auth.Grounds;
import dev.fairlead.api.auth.UserDirectory;
import dev.fairlead.api.metrics.Metrics;
import dev.fairlead.api.store.Stores;
import dev.fairlead.api.transport.HubTransport;
import dev.fairlead.core.hub.FairleadHub;
import dev.fairlead.core.hub.HubBuilder;
import dev.fairlead.core.hub.HubSettings;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.Set;
import javax.inject.Singleton;

/**
 * Provides one {@link FairleadHub}, as itself and as {@link Hub}, which the caller starts and
 * closes. At least one {@link HubTransport} has to be contributed by {@code @IntoSet}; {@link
 * Authorizer}, {@link AuditSink} and {@link Keeping} have to be bound; all else that {@link
 * HubBuilder} takes may be. Authenticators are contributed by {@code @IntoSet}, and asked in the
 * order in which Dagger has them in its set; so may be {@link UserDirectory directories of users}
 * and {@link Grounds}.
 */
@Module
public abstract class HubModule {

  private HubModule() {}

  @Binds
  abstract Hub hub(FairleadHub hub);

  @Multibinds
  abstract Set<Authenticator> authenticators();

  @Multibinds
  abstract Set<UserDirectory> users();

  @Multibinds
  abstract Set<Grounds> grounds();

  @BindsOptionalOf
  abstract Stores stores();

  @BindsOptionalOf
  abstract HubSettings settings();

  @BindsOptionalOf
  abstract Time time();

  @BindsOptionalOf
  abstract SecureRandom random();

  @BindsOptionalOf
  abstract Metrics metrics();

  @Provides
  @Singleton
  static FairleadHub fairleadHub(
      Set<HubTransport> transports,
      Set<Authenticator> authenticators,
      Set<UserDirectory> users,
      Set<Grounds> grounds,
      Authorizer authorizer,
      AuditSink audit,
      Keeping keeping,
      Optional<Stores> stores,
      Optional<HubSettings> settings,
      Optional<Time> time,
      Optional<SecureRandom> random,
      Optional<Metrics> metrics) {
    HubBuilder builder = FairleadHub.builder().authorizer(authorizer).audit(audit);
    transports.forEach(builder::transport);
    authenticators.forEach(builder::authenticator);
    users.forEach(builder::users);
    grounds.forEach(builder::grounds);
    keeping.configure(builder);
    stores.ifPresent(builder::stores);
    settings.ifPresent(builder::settings);
    time.ifPresent(builder::time);
    random.ifPresent(builder::random);
    metrics.ifPresent(builder::metrics);
    return builder.build();
  }
}
