package dev.fairlead.core.administration;

import dev.fairlead.api.ForbiddenException;
import dev.fairlead.api.NotFoundException;
import dev.fairlead.api.store.ApiKeyStore.Owner;
import dev.fairlead.core.apikey.ApiKeyInfo;
import dev.fairlead.core.apikey.ApiKeyOrder;
import dev.fairlead.core.apikey.ApiKeys;
import dev.fairlead.core.apikey.IssuedApiKey;
import dev.fairlead.core.authorization.Scope;
import dev.fairlead.core.door.RestAnswer;
import dev.fairlead.core.door.RestCall;
import dev.fairlead.core.exchange.Caller;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code /api-keys}: one's own, and for administrators everybody's. */
final class ApiKeyPages {

  private final ApiKeys keys;
  private final InstantSource time;

  ApiKeyPages(ApiKeys keys, InstantSource time) {
    this.keys = keys;
    this.time = time;
  }

  RestAnswer list(RestCall call, Caller caller, boolean administrator) {
    String own = caller.identity().username();
    String asked = call.query("owner").orElse(administrator ? "" : own);
    if (!administrator && !asked.equals(own)) {
      throw new ForbiddenException("owner: another (expected: yourself)");
    }
    List<ApiKeyInfo> found = asked.isEmpty() ? keys.list() : keys.list(asked);
    return RestAnswer.json(
        200, Json.write(Map.of("items", found.stream().map(ApiKeyPages::shown).toList())));
  }

  RestAnswer issue(RestCall call, Caller caller, boolean administrator, Act act) {
    Fields fields = new Fields(Json.object(call.json()));
    String service = fields.text("service");
    List<String> groups = fields.texts("groups");
    String description = fields.text("description");
    Map<String, Object> rules = fields.object("scope");
    Instant expiresAt = fields.instant("expiresAt");
    if (service.isEmpty() && !groups.isEmpty()) {
      fields.mistake("groups: some (expected: none for a personal key, which has its owner's)");
    }
    fields.finish();
    ApiKeyOrder order = order(caller, administrator, service, groups).describedAs(description);
    if (rules != null) {
      order = order.limitedTo(Scope.of(rules, "scope"));
    }
    if (expiresAt != null) {
      order = order.livingFor(Duration.between(time.instant(), expiresAt));
    }
    IssuedApiKey issued = keys.issue(order);
    act.note("api-key", issued.info().id());
    act.note("owner", issued.info().identity().username());
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("key", issued.token().reveal());
    shown.putAll(shown(issued.info()));
    return RestAnswer.json(201, Json.write(shown));
  }

  private static ApiKeyOrder order(
      Caller caller, boolean administrator, String service, List<String> groups) {
    if (!service.isEmpty()) {
      if (!administrator) {
        throw new ForbiddenException("service: named (expected: an administrator, for that)");
      }
      return ApiKeyOrder.forService(service, groups.toArray(String[]::new));
    }
    if (caller.credentialId().startsWith("api-key/")) {
      // Whoever got hold of a key could else make themselves others, which its revocation spares.
      throw new ForbiddenException("credential: an API key (expected: a sign-in, for a new key)");
    }
    return ApiKeyOrder.forUser(caller.identity());
  }

  RestAnswer revoke(String id, Caller caller, boolean administrator) {
    boolean own =
        keys.list(caller.identity().username()).stream().anyMatch(key -> key.id().equals(id));
    if (!own && !administrator) {
      throw new NotFoundException("API key: no such id (expected: one of yours)");
    }
    keys.revoke(id);
    return RestAnswer.nothing();
  }

  private static Map<String, Object> shown(ApiKeyInfo key) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("id", key.id());
    shown.put("prefix", key.prefix());
    shown.put("owner", key.owner().name().toLowerCase(Locale.ROOT));
    shown.put("username", key.identity().username());
    if (key.owner() == Owner.SERVICE) {
      shown.put("groups", key.identity().groups());
    }
    shown.put("description", key.description());
    Scope scope = key.scope();
    if (scope != null) {
      shown.put("scope", scope.toMap());
    }
    shown.put("createdAt", key.createdAt());
    Instant expiresAt = key.expiresAt();
    if (expiresAt != null) {
      shown.put("expiresAt", expiresAt);
    }
    Instant lastUsedAt = key.lastUsedAt();
    if (lastUsedAt != null) {
      shown.put("lastUsedAt", lastUsedAt);
    }
    return shown;
  }
}
