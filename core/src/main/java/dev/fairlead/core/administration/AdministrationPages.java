package dev.fairlead.core.administration;

import dev.fairlead.api.FairleadException;
import dev.fairlead.api.ForbiddenException;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.audit.AuditSink;
import dev.fairlead.core.authorization.ReloadableRoles;
import dev.fairlead.core.door.RestAnswer;
import dev.fairlead.core.door.RestCall;
import dev.fairlead.core.door.RestPages;
import dev.fairlead.core.door.RestProblemException;
import dev.fairlead.core.exchange.Caller;
import dev.fairlead.core.hub.FairleadHub;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * {@code /roles} and {@code /api-keys}, to be served by a front door.
 *
 * <ul>
 *   <li>{@code GET /roles}: the roles and bindings in the shape of their file, with an ETag
 *   <li>{@code PUT /roles} with {@code If-Match}: others in their place; the answer lists what is
 *       odd about them, and a refusal every mistake. Without the right ETag nothing is changed
 *       (428, 412)
 *   <li>{@code POST /roles/explain}: who may do something, and why
 *   <li>{@code GET /api-keys}: one's own keys; for administrators all, or those of {@code ?owner=}
 *   <li>{@code POST /api-keys}: a personal key, or for administrators a service's; shown this once
 *   <li>{@code DELETE /api-keys/<id>}: revokes one of one's own; for administrators any
 * </ul>
 *
 * <p>A credential with a scope is good for none of this. Each call of somebody who is known is
 * recorded before anything is done, else it is refused with 503, and again when it is over. Safe
 * for use by any thread; answers block for the store and the audit sink.
 */
public final class AdministrationPages implements RestPages {

  private static final int LARGEST_BODY = 1024 * 1024;

  private final AuditSink audit;
  private final FairleadHub hub;
  private final Administrators administrators;
  private final RolePages roles;
  private final ApiKeyPages keys;

  /**
   * Makes the pages of one hub, administered by one group.
   *
   * @param hub whose API keys these are; started before anybody calls
   * @param roles by which it authorises
   * @param audit where calls are recorded; the one given to the hub, most likely
   * @param administrators the group whose members may do all of this, as authenticators give it
   * @throws InvalidException if the group is blank, or one that everybody is in
   */
  public AdministrationPages(
      FairleadHub hub, ReloadableRoles roles, AuditSink audit, String administrators) {
    this(hub, roles, audit, new Administrators(Set.of(), Set.of(administrators)));
  }

  /**
   * Makes the pages of one hub.
   *
   * @param hub whose API keys these are; started before anybody calls
   * @param roles by which it authorises
   * @param audit where calls are recorded; the one given to the hub, most likely
   * @param administrators who may do all of this
   */
  public AdministrationPages(
      FairleadHub hub, ReloadableRoles roles, AuditSink audit, Administrators administrators) {
    this.hub = Objects.requireNonNull(hub, "hub");
    this.audit = Objects.requireNonNull(audit, "audit");
    this.administrators = Objects.requireNonNull(administrators, "administrators");
    this.roles = new RolePages(hub, Objects.requireNonNull(roles, "roles"));
    this.keys = new ApiKeyPages(hub.apiKeys().recordedByCaller(), hub.time());
  }

  @Override
  public List<String> prefixes() {
    return List.of("/roles", "/api-keys");
  }

  @Override
  public int largestBody() {
    return LARGEST_BODY;
  }

  /** What is asked for, once the path and the method are known. */
  private enum Page {
    READ_ROLES("get", true),
    WRITE_ROLES("update", true),
    EXPLAIN("create", true),
    LIST_KEYS("list", false),
    ISSUE_KEY("create", false),
    REVOKE_KEY("delete", false);

    private final String verb;
    private final boolean forAdministrators;

    Page(String verb, boolean forAdministrators) {
      this.verb = verb;
      this.forAdministrators = forAdministrators;
    }
  }

  @Override
  public RestAnswer answer(RestCall call) {
    Page page = page(call);
    Caller caller = call.caller();
    boolean administrator = administrators.include(caller.identity());
    String name = call.segments().size() > 1 ? call.segments().get(1) : "";
    Act act = Act.begin(audit, hub.time(), call, caller, page.verb, name);
    boolean admitted = caller.scope() == null && (administrator || !page.forAdministrators);
    act.note("decision", admitted ? "allow" : "deny");
    act.received();
    RestAnswer answer;
    try {
      if (!admitted) {
        throw new ForbiddenException(
            caller.scope() != null
                ? "credential: one with a scope (expected: one without)"
                : "groups: none that may do this (expected: the administrators')");
      }
      answer = answer(page, call, caller, administrator, name, act);
    } catch (RestProblemException e) {
      answer = e.answer();
    } catch (FairleadException e) {
      answer = RestAnswer.problem(e);
    } catch (RuntimeException | Error e) {
      act.complete(RestAnswer.problem(500, ""));
      throw e;
    }
    return act.complete(answer);
  }

  private RestAnswer answer(
      Page page, RestCall call, Caller caller, boolean administrator, String name, Act act) {
    return switch (page) {
      case READ_ROLES -> roles.get();
      case WRITE_ROLES -> roles.put(call, act);
      case EXPLAIN -> roles.explain(call);
      case LIST_KEYS -> keys.list(call, caller, administrator);
      case ISSUE_KEY -> keys.issue(call, caller, administrator, act);
      case REVOKE_KEY -> keys.revoke(name, caller, administrator);
    };
  }

  private static Page page(RestCall call) {
    List<String> segments = call.segments();
    boolean ofRoles = segments.get(0).equals("roles");
    if (segments.size() == 1) {
      return ofRoles
          ? pick(call, "GET", Page.READ_ROLES, "PUT", Page.WRITE_ROLES)
          : pick(call, "GET", Page.LIST_KEYS, "POST", Page.ISSUE_KEY);
    }
    if (segments.size() == 2 && !ofRoles) {
      return pick(call, "DELETE", Page.REVOKE_KEY, "DELETE", Page.REVOKE_KEY);
    }
    if (segments.size() == 2 && segments.get(1).equals("explain")) {
      return pick(call, "POST", Page.EXPLAIN, "POST", Page.EXPLAIN);
    }
    throw new RestProblemException(404, "path: no such page (expected: as in the documentation)");
  }

  private static Page pick(RestCall call, String one, Page first, String other, Page second) {
    if (call.method().equals(one)) {
      return first;
    }
    if (call.method().equals(other)) {
      return second;
    }
    String allowed = one.equals(other) ? one : one + ", " + other;
    throw new RestProblemException(
        RestAnswer.problem(405, "method: another (expected: " + allowed + ")")
            .with("allow", allowed),
        "method: another");
  }
}
