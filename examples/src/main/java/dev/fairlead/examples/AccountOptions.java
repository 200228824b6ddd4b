package dev.fairlead.examples;

import dev.fairlead.api.audit.AuditSink;
import dev.fairlead.api.store.Stores;
import dev.fairlead.auth.local.FirstAdministrator;
import dev.fairlead.auth.local.LocalAccounts;
import dev.fairlead.auth.local.LocalUsers;
import dev.fairlead.core.audit.MemoryAuditSink;
import dev.fairlead.core.hub.HubBuilder;
import dev.fairlead.core.store.MemoryStores;
import dev.fairlead.examples.program.Mistakes;
import dev.fairlead.examples.program.Screen;
import dev.fairlead.gateway.GatewayBuilder;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of a hub whose users have accounts of its own. */
final class AccountOptions {

  private static final String USUAL = "admin@localhost";

  @Option(
      names = "--local-accounts",
      paramLabel = "URL",
      description =
          "keeps accounts of its own, for users who sign in at URL/auth/login; the front door's"
              + " address as users know it, https://HOST[:PORT]")
  private @Nullable String url;

  @Option(
      names = "--first-administrator",
      paramLabel = "EMAIL",
      description =
          "who is made the administrator of accounts when there are none, with a password that is"
              + " shown once (default: ${DEFAULT-VALUE})")
  private String administrator = USUAL;

  private @Nullable LocalAccounts accounts;

  void check(Mistakes mistakes) {
    String at = url;
    if (at == null) {
      if (!administrator.equals(USUAL)) {
        mistakes.add("--local-accounts: missing (expected: beside --first-administrator)");
      }
      return;
    }
    mistakes
        .understand(
            "--local-accounts", () -> made(at, MemoryStores.create(), new MemoryAuditSink(1)))
        .ifPresent(LocalAccounts::close);
    if (!LocalUsers.isEmail(administrator)) {
      mistakes.add(
          "--first-administrator: no address (expected: an e-mail, as in admin@example.com)");
    }
  }

  private static LocalAccounts made(String url, Stores stores, AuditSink audit) {
    return LocalAccounts.builder().issuer(url).stores(stores).audit(audit).build();
  }

  /** Lets the hub know its accounts, if there are to be any. */
  void addTo(HubBuilder hub, Stores stores, AuditSink audit) {
    if (url != null) {
      LocalAccounts made = made(url, stores, audit);
      hub.authenticator(made).users(made);
      accounts = made;
    }
  }

  /** Puts their pages onto the front door. */
  void addTo(GatewayBuilder door) {
    if (accounts != null) {
      door.serve(accounts.pages());
    }
  }

  /** Once the hub has started. */
  void showFirstAdministrator(Screen screen) {
    Optional<FirstAdministrator> first =
        accounts == null ? Optional.empty() : accounts.makeFirstAdministrator(administrator);
    if (first.isPresent()) {
      screen
          .out()
          .println(
              "first administrator: "
                  + first.get().email()
                  + ", password: "
                  + first.get().password()
                  + " (shown this once)");
    }
  }
}
