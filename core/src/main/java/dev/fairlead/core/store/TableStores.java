package dev.fairlead.core.store;

import dev.fairlead.api.store.AgentStore;
import dev.fairlead.api.store.ApiKeyStore;
import dev.fairlead.api.store.ClusterStore;
import dev.fairlead.api.store.InstallTokenStore;
import dev.fairlead.api.store.RoleStore;
import dev.fairlead.api.store.SessionStore;
import dev.fairlead.api.store.SigningKeyStore;
import dev.fairlead.api.store.Stores;
import dev.fairlead.api.store.UserStore;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** The stores over tables, wherever those are kept. */
final class TableStores implements Stores {

  private final Place place;
  private final List<Table<?>> tables;
  private final ClusterTable clusters;
  private final InstallTokenTable installTokens;
  private final AgentTable agents;
  private final ApiKeyTable apiKeys;
  private final UserTable users;
  private final SessionTable sessions;
  private final SigningKeyTable signingKeys;
  private final RoleTable roles;
  private final ReentrantLock lifecycle = new ReentrantLock();
  private boolean open;

  TableStores(Place place) {
    this.place = place;
    Table<ClusterStore.StoredCluster> clusterRows = table(new ClusterForm());
    Table<StoredInstallToken> installTokenRows = table(new InstallTokenForm());
    Table<AgentStore.StoredAgent> agentRows = table(new AgentForm());
    Table<ApiKeyStore.StoredApiKey> apiKeyRows = table(new ApiKeyForm());
    Table<UserStore.StoredUser> userRows = table(new UserForm());
    Table<SessionStore.StoredSession> sessionRows = table(new SessionForm());
    Table<SigningKeyStore.StoredSigningKey> signingKeyRows = table(new SigningKeyForm());
    Table<RoleStore.StoredRoles> roleRows = table(new RoleForm());
    tables =
        List.of(
            clusterRows,
            installTokenRows,
            agentRows,
            apiKeyRows,
            userRows,
            sessionRows,
            signingKeyRows,
            roleRows);
    users = new UserTable(userRows);
    sessions = new SessionTable(sessionRows);
    signingKeys = new SigningKeyTable(signingKeyRows);
    roles = new RoleTable(roleRows);
    clusters = new ClusterTable(clusterRows);
    installTokens = new InstallTokenTable(installTokenRows);
    agents = new AgentTable(agentRows);
    apiKeys = new ApiKeyTable(apiKeyRows);
  }

  private <V> Table<V> table(Form<V> form) {
    return new Table<>(form, place.keeper(form));
  }

  @Override
  public void open() {
    lifecycle.lock();
    try {
      if (open) {
        return;
      }
      place.open();
      try {
        tables.forEach(Table::open);
        place.opened();
        open = true;
      } finally {
        if (!open) {
          release();
        }
      }
    } finally {
      lifecycle.unlock();
    }
  }

  @Override
  public ClusterStore clusters() {
    return clusters;
  }

  @Override
  public InstallTokenStore installTokens() {
    return installTokens;
  }

  @Override
  public AgentStore agents() {
    return agents;
  }

  @Override
  public ApiKeyStore apiKeys() {
    return apiKeys;
  }

  @Override
  public UserStore users() {
    return users;
  }

  @Override
  public SessionStore sessions() {
    return sessions;
  }

  @Override
  public SigningKeyStore signingKeys() {
    return signingKeys;
  }

  @Override
  public RoleStore roles() {
    return roles;
  }

  @Override
  public void close() {
    lifecycle.lock();
    try {
      if (open) {
        open = false;
        release();
      }
    } finally {
      lifecycle.unlock();
    }
  }

  private void release() {
    tables.forEach(Table::close);
    place.close();
  }

  @Override
  public String toString() {
    return "Stores[" + place + "]";
  }
}
