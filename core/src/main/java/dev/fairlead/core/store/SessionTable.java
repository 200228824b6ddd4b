package dev.fairlead.core.store;

import dev.fairlead.api.ConflictException;
import dev.fairlead.api.store.SessionStore;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The sessions. */
final class SessionTable implements SessionStore {

  private static final Rotation REFUSED = new Rotation.Refused();

  private final Table<StoredSession> table;

  SessionTable(Table<StoredSession> table) {
    this.table = table;
  }

  @Override
  public void add(StoredSession session) {
    Objects.requireNonNull(session, "session");
    if (table.change(rows -> rows.putIfAbsent(session.id(), session)) != null) {
      throw new ConflictException("session " + session.id() + ": exists (expected: a new id)");
    }
  }

  @Override
  public Optional<StoredSession> find(String id) {
    return Optional.ofNullable(table.rows().get(Objects.requireNonNull(id, "id")));
  }

  @Override
  public Rotation rotate(ShownToken shown, String nextHash, Instant now, Instant expiresAt) {
    Objects.requireNonNull(nextHash, "nextHash");
    Objects.requireNonNull(expiresAt, "expiresAt");
    // What is made up is turned away here, without waiting for those who write.
    if (!isOfItsFamily(table.rows().get(shown.id()), shown, now)) {
      return REFUSED;
    }
    return table.change(rows -> rotate(rows, shown, nextHash, now, expiresAt));
  }

  private static Rotation rotate(
      Map<String, StoredSession> rows,
      ShownToken shown,
      String nextHash,
      Instant now,
      Instant expiresAt) {
    StoredSession session = rows.get(shown.id());
    if (session == null || !isOfItsFamily(session, shown, now)) {
      return REFUSED;
    }
    if (!same(session.tokenHash(), shown.tokenHash())) {
      rows.remove(session.id());
      return new Rotation.Replayed(session);
    }
    StoredSession next =
        new StoredSession(
            session.id(),
            session.userId(),
            session.familyHash(),
            nextHash,
            session.startedAt(),
            expiresAt);
    rows.put(next.id(), next);
    return new Rotation.Rotated(next);
  }

  private static boolean isOfItsFamily(
      @Nullable StoredSession session, ShownToken shown, Instant now) {
    return session != null
        && same(session.familyHash(), shown.familyHash())
        && now.isBefore(session.expiresAt());
  }

  private static boolean same(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public boolean remove(String id) {
    Objects.requireNonNull(id, "id");
    return table.rows().containsKey(id) && table.change(rows -> rows.remove(id) != null);
  }

  @Override
  public List<StoredSession> removeAll(String userId) {
    Objects.requireNonNull(userId, "userId");
    return table.change(
        rows -> {
          List<StoredSession> removed = of(userId, rows);
          rows.values().removeAll(removed);
          return removed;
        });
  }

  @Override
  public List<StoredSession> listOf(String userId) {
    return of(Objects.requireNonNull(userId, "userId"), table.rows());
  }

  private static List<StoredSession> of(String userId, Map<String, StoredSession> rows) {
    return rows.values().stream().filter(session -> session.userId().equals(userId)).toList();
  }

  @Override
  public void purge(Instant before) {
    Objects.requireNonNull(before, "before");
    table.<Boolean>change(
        rows -> rows.values().removeIf(session -> session.expiresAt().isBefore(before)));
  }
}
