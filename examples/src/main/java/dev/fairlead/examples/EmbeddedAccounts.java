package dev.fairlead.examples;

import dev.fairlead.api.audit.AuditSink;
import dev.fairlead.api.auth.Authorizer;
import dev.fairlead.api.store.Stores;
import dev.fairlead.api.transport.HubTransport;
import dev.fairlead.auth.local.FirstAdministrator;
import dev.fairlead.auth.local.LocalAccounts;
import dev.fairlead.core.hub.FairleadHub;
import dev.fairlead.gateway.Gateway;
import java.util.Optional;

/** A hub whose users have accounts of its own. */
final class EmbeddedAccounts implements AutoCloseable {

  final LocalAccounts accounts;
  final FairleadHub hub;
  final Gateway gateway;

  /** Accounts share the hub's stores and its audit sink; the pages go onto the front door. */
  EmbeddedAccounts(
      HubTransport agents, Stores stores, AuditSink audit, Authorizer roles, int usersPort) {
    accounts =
        LocalAccounts.builder()
            .issuer("https://localhost:" + usersPort)
            .stores(stores)
            .audit(audit)
            .build();
    hub =
        FairleadHub.builder()
            .transport(agents)
            .authenticator(accounts)
            .users(accounts)
            .authorizer(roles)
            .audit(audit)
            .stores(stores)
            .keepInMemory()
            .build();
    gateway =
        Gateway.builder(hub)
            .listen("127.0.0.1", usersPort)
            .tlsByHub("localhost")
            .serve(accounts.pages())
            .build();
  }

  /** The first administrator is there at the first start only, and nowhere else to be seen. */
  Optional<FirstAdministrator> start() {
    hub.start();
    Optional<FirstAdministrator> first = accounts.makeFirstAdministrator("admin@example.com");
    gateway.start();
    return first;
  }

  @Override
  public void close() {
    gateway.close();
    hub.close();
  }
}
