package dev.fairlead.core.store;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.ConflictException;
import dev.fairlead.api.store.AgentStore;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The agents. */
final class AgentTable implements AgentStore {

  private final Table<StoredAgent> table;

  AgentTable(Table<StoredAgent> table) {
    this.table = table;
  }

  @Override
  public void add(StoredAgent agent) {
    Objects.requireNonNull(agent, "agent");
    if (table.change(rows -> rows.putIfAbsent(agent.id(), agent)) != null) {
      throw new ConflictException("agent " + agent.id() + ": exists (expected: a new id)");
    }
  }

  @Override
  public boolean renewed(String id, Instant notAfter) {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(notAfter, "notAfter");
    return table.change(
        rows -> {
          StoredAgent agent = rows.get(id);
          if (agent == null || agent.revoked()) {
            return false;
          }
          rows.put(id, new StoredAgent(id, agent.cluster(), notAfter, false));
          return true;
        });
  }

  @Override
  public Optional<StoredAgent> find(String id) {
    return Optional.ofNullable(table.rows().get(Objects.requireNonNull(id, "id")));
  }

  @Override
  public boolean revoke(String id) {
    Objects.requireNonNull(id, "id");
    return table.change(rows -> rows.computeIfPresent(id, (same, agent) -> revoked(agent)) != null);
  }

  @Override
  public void revokeAll(ClusterName cluster) {
    Objects.requireNonNull(cluster, "cluster");
    table.<Boolean>change(
        rows -> {
          rows.replaceAll((id, agent) -> agent.cluster().equals(cluster) ? revoked(agent) : agent);
          return true;
        });
  }

  private static StoredAgent revoked(StoredAgent agent) {
    return new StoredAgent(agent.id(), agent.cluster(), agent.notAfter(), true);
  }

  @Override
  public List<StoredAgent> list() {
    return List.copyOf(table.rows().values());
  }

  @Override
  public void purge(Instant before) {
    Objects.requireNonNull(before, "before");
    table.<Boolean>change(
        rows -> rows.values().removeIf(agent -> agent.notAfter().isBefore(before)));
  }
}
