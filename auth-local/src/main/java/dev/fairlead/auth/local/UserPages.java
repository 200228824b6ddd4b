package dev.fairlead.auth.local;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.NotFoundException;
import dev.fairlead.auth.local.Page.Access;
import dev.fairlead.auth.local.Page.Admitted;
import dev.fairlead.core.door.RestAnswer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The pages on which administrators deal with users. */
final class UserPages {

  private static final int USUAL_LIMIT = 100;
  private static final int MOST = 1_000;

  private final UserBook users;

  UserPages(UserBook users) {
    this.users = users;
  }

  /** The pages by path and then by method. */
  Map<String, Map<String, Page>> pages() {
    return Map.of(
        "/users",
        Map.of("GET", page("list", "", this::list), "POST", page("create", "", this::create)),
        "/users/{id}",
        Map.of(
            "GET",
            page("get", "", this::get),
            "PATCH",
            page("patch", "", this::patch),
            "DELETE",
            page("delete", "", this::delete)),
        "/users/{id}/roles",
        Map.of(
            "GET",
            page("get", "roles", this::roles),
            "PUT",
            page("update", "roles", this::setRoles)));
  }

  private static Page page(String verb, String subresource, Page.Handler handler) {
    return new Page(Access.ADMINISTRATOR, verb, "users", subresource, handler);
  }

  private RestAnswer list(Admitted admitted) {
    int limit = limit(admitted.call().query("limit"));
    List<LocalUser> all = users.list();
    int from = 0;
    Optional<String> after = admitted.call().query("after");
    if (after.isPresent()) {
      List<String> ids = all.stream().map(LocalUser::id).toList();
      from = ids.indexOf(after.get()) + 1;
      if (from == 0) {
        throw new InvalidException("after: no such id (expected: next of an earlier answer)");
      }
    }
    List<LocalUser> page = all.subList(from, Math.min(all.size(), from + limit));
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("items", page.stream().map(UserPages::shown).toList());
    if (from + limit < all.size()) {
      answer.put("next", page.get(page.size() - 1).id());
    }
    return json(200, answer);
  }

  private static int limit(Optional<String> text) {
    if (text.isEmpty()) {
      return USUAL_LIMIT;
    }
    if (text.get().matches("[1-9][0-9]{0,3}") && Integer.parseInt(text.get()) <= MOST) {
      return Integer.parseInt(text.get());
    }
    throw new InvalidException("limit: another (expected: 1-" + MOST + ")");
  }

  private RestAnswer create(Admitted admitted) {
    Fields fields = Fields.of(admitted.call().json(), "email", "password", "passwordHash", "roles");
    List<String> roles = fields.textsIfAny("roles").orElse(List.of());
    Optional<String> hash = fields.textIfAny("passwordHash");
    Optional<String> password = fields.textIfAny("password");
    if (hash.isPresent() == password.isPresent()) {
      throw new InvalidException("password, passwordHash: both or none (expected: one of them)");
    }
    LocalUser added =
        hash.isPresent()
            ? users.importUser(fields.text("email"), hash.get(), roles)
            : users.add(fields.text("email"), password.orElseThrow(), roles);
    admitted.act().noteAdded(added);
    return json(201, shown(added)).with("location", "/users/" + added.id());
  }

  private RestAnswer get(Admitted admitted) {
    return json(200, shown(require(admitted.id())));
  }

  private LocalUser require(String id) {
    return users
        .find(id)
        .orElseThrow(
            () -> new NotFoundException("user: no such id (expected: one of those listed)"));
  }

  private RestAnswer patch(Admitted admitted) {
    Fields fields = Fields.of(admitted.call().json(), "email", "disabled", "password");
    Optional<String> email = fields.textIfAny("email").map(Names::email);
    Optional<String> password = fields.textIfAny("password");
    Optional<Boolean> disabled = fields.truthIfAny("disabled");
    password.ifPresent(Passwords::require);
    LocalUser user = require(admitted.id());
    // What can be refused comes first.
    if (disabled.isPresent() && disabled.get() != user.disabled()) {
      user = users.setDisabled(user.id(), disabled.get());
      admitted.act().noteChange(user.disabled() ? "disabled" : "enabled");
    }
    if (email.isPresent() && !email.get().equals(user.email())) {
      user = users.setEmail(user.id(), email.get());
      admitted.act().noteChange("email");
    }
    if (password.isPresent()) {
      user = users.setPassword(user.id(), password.get());
      admitted.act().noteChange("password");
    }
    return json(200, shown(user));
  }

  private RestAnswer delete(Admitted admitted) {
    users.remove(admitted.id());
    return RestAnswer.nothing();
  }

  private RestAnswer roles(Admitted admitted) {
    return json(200, Map.of("roles", require(admitted.id()).roles()));
  }

  private RestAnswer setRoles(Admitted admitted) {
    Fields fields = Fields.of(admitted.call().json(), "roles");
    LocalUser user = users.setRoles(admitted.id(), fields.texts("roles"));
    admitted.act().noteRoles(user);
    return json(200, Map.of("roles", user.roles()));
  }

  private static Map<String, Object> shown(LocalUser user) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("id", user.id());
    shown.put("email", user.email());
    shown.put("disabled", user.disabled());
    shown.put("roles", user.roles());
    shown.put("createdAt", user.createdAt().toString());
    return shown;
  }

  private static RestAnswer json(int status, Map<String, ?> fields) {
    return RestAnswer.json(status, JSONObjectUtils.toJSONString(fields));
  }
}
