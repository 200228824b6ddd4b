package dev.fairlead.auth.local.dagger;

import dagger.BindsOptionalOf;
import dagger.Module;
import dagger.Provides;
import dagger.multibindings.IntoSet;
import dev.fairlead.api.Time;
import dev.fairlead.api.audit.AuditSink;
import dev.fairlead.api.auth.Authenticator;
import dev.fairlead.api.auth.UserDirectory;
import dev.fairlead.api.store.Stores;
import dev.fairlead.auth.local.LocalAccounts;
import dev.fairlead.auth.local.LocalAccountsBuilder;
import java.security.SecureRandom;
import java.util.Optional;
import javax.inject.Singleton;

/**
 * Contributes one {@link LocalAccounts} to a hub's authenticators and directories of users. {@link
 * LocalAccountsBuilder} has to be bound, with an issuer and whatever else is to be set; {@link
 * Stores} and {@link AuditSink}, too, as singletons that the hub shares. {@link Time} and {@link
 * SecureRandom} are used where they are bound. {@link LocalAccounts#pages()} goes onto the front
 * door by whoever makes that.
 */
@Module
public abstract class LocalModule {

  private LocalModule() {}

  @BindsOptionalOf
  abstract Time time();

  @BindsOptionalOf
  abstract SecureRandom random();

  @Provides
  @Singleton
  static LocalAccounts localAccounts(
      LocalAccountsBuilder builder,
      Stores stores,
      AuditSink audit,
      Optional<Time> time,
      Optional<SecureRandom> random) {
    builder.stores(stores).audit(audit);
    time.ifPresent(builder::time);
    random.ifPresent(builder::random);
    return builder.build();
  }

  @Provides
  @IntoSet
  static Authenticator authenticator(LocalAccounts accounts) {
    return accounts;
  }

  @Provides
  @IntoSet
  static UserDirectory users(LocalAccounts accounts) {
    return accounts;
  }
}
