package dev.fairlead.api.audit;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.Identity;
import dev.fairlead.api.InvalidException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which audit events are looked for: those that fit all that is not null.
 *
 * @param user the name of who asked, or of who the request ran as
 * @param cluster the cluster
 * @param verb Kubernetes' verb, such as {@code delete}
 * @param outcome what came of it
 * @param since the earliest moment of an event, included
 * @param until the first moment after the events
 * @param limit how many events a page has at most; 1 to {@value #MOST}
 * @param continueToken where the page before ended
 */
public record AuditQuery(
    @Nullable String user,
    @Nullable ClusterName cluster,
    @Nullable String verb,
    AuditEvent.@Nullable Outcome outcome,
    @Nullable Instant since,
    @Nullable Instant until,
    int limit,
    @Nullable String continueToken) {

  /** How many events a page has at most. */
  public static final int MOST = 1_000;

  /**
   * Checks the limit.
   *
   * @param user the name of who asked, or of who the request ran as
   * @param cluster the cluster
   * @param verb Kubernetes' verb, such as {@code delete}
   * @param outcome what came of it
   * @param since the earliest moment of an event, included
   * @param until the first moment after the events
   * @param limit how many events a page has at most; 1 to {@value #MOST}
   * @param continueToken where the page before ended
   * @throws InvalidException if the limit is out of range
   */
  public AuditQuery {
    if (limit < 1 || limit > MOST) {
      throw new InvalidException("limit: " + limit + " (expected: 1 to " + MOST + ")");
    }
  }

  /**
   * All events, 100 on a page.
   *
   * @return the query
   */
  public static AuditQuery all() {
    return new AuditQuery(null, null, null, null, null, null, 100, null);
  }

  /**
   * The same for one user.
   *
   * @param name who asked, or who the request ran as
   * @return a new query
   */
  public AuditQuery by(String name) {
    return new AuditQuery(name, cluster, verb, outcome, since, until, limit, continueToken);
  }

  /**
   * The same for one cluster.
   *
   * @param name the cluster
   * @return a new query
   */
  public AuditQuery on(ClusterName name) {
    return new AuditQuery(user, name, verb, outcome, since, until, limit, continueToken);
  }

  /**
   * The same for one verb.
   *
   * @param word Kubernetes' verb
   * @return a new query
   */
  public AuditQuery doing(String word) {
    return new AuditQuery(user, cluster, word, outcome, since, until, limit, continueToken);
  }

  /**
   * The same for one outcome.
   *
   * @param what what came of it
   * @return a new query
   */
  public AuditQuery endingIn(AuditEvent.Outcome what) {
    return new AuditQuery(user, cluster, verb, what, since, until, limit, continueToken);
  }

  /**
   * The same for some time.
   *
   * @param from the earliest moment, included; null for the beginning
   * @param to the first moment after it; null for now
   * @return a new query
   */
  public AuditQuery between(@Nullable Instant from, @Nullable Instant to) {
    return new AuditQuery(user, cluster, verb, outcome, from, to, limit, continueToken);
  }

  /**
   * The same with other pages.
   *
   * @param events how many events a page has at most
   * @return a new query
   * @throws InvalidException if that is out of range
   */
  public AuditQuery atMost(int events) {
    return new AuditQuery(user, cluster, verb, outcome, since, until, events, continueToken);
  }

  /**
   * The same from another page on.
   *
   * @param token a page's {@link AuditPage#continueToken}; null for the first page
   * @return a new query
   */
  public AuditQuery after(@Nullable String token) {
    return new AuditQuery(user, cluster, verb, outcome, since, until, limit, token);
  }

  /**
   * For implementations: whether an event is looked for.
   *
   * @param event any event
   * @return whether it fits all that is asked for
   */
  public boolean matches(AuditEvent event) {
    return (user == null || isNamed(event.user()) || isNamed(event.impersonatedUser()))
        && (cluster == null || cluster.equals(event.cluster()))
        && (verb == null || verb.equals(event.info().verb()))
        && (outcome == null || outcome == event.outcome())
        && (since == null || !event.at().isBefore(since))
        && (until == null || event.at().isBefore(until));
  }

  private boolean isNamed(@Nullable Identity identity) {
    return identity != null && identity.username().equals(user);
  }
}
