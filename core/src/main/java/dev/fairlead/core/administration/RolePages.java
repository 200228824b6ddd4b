package dev.fairlead.core.administration;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.Identity;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.NotFoundException;
import dev.fairlead.api.RequestInfo;
import dev.fairlead.api.auth.AccessRequest;
import dev.fairlead.api.auth.Decision;
import dev.fairlead.core.authorization.Explanation;
import dev.fairlead.core.authorization.Finding;
import dev.fairlead.core.authorization.ReloadableRoles;
import dev.fairlead.core.authorization.Roles;
import dev.fairlead.core.door.RestAnswer;
import dev.fairlead.core.door.RestCall;
import dev.fairlead.core.door.RestProblemException;
import dev.fairlead.core.hub.FairleadHub;
import dev.fairlead.core.secret.RandomSecrets;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code /roles}: what the roles' file says, in the same shape. */
final class RolePages {

  private final FairleadHub hub;
  private final ReloadableRoles roles;

  RolePages(FairleadHub hub, ReloadableRoles roles) {
    this.hub = hub;
    this.roles = roles;
  }

  RestAnswer get() {
    Roles current = roles.current();
    return RestAnswer.json(200, text(current)).with("etag", tag(current));
  }

  RestAnswer put(RestCall call, Act act) {
    Roles current = roles.current();
    String wanted =
        call.ifMatch()
            .orElseThrow(
                () ->
                    new RestProblemException(
                        428, "if-match: missing (expected: the etag of the roles you changed)"));
    if (!wanted.equals("*") && !wanted.equals(tag(current))) {
      throw stale();
    }
    Roles next = Roles.parse(utf8(call.json()), "roles");
    act.note("roles-before", tag(current));
    act.note("roles-after", tag(next));
    if (!roles.change(current, next)) {
      throw stale();
    }
    List<Map<String, Object>> findings =
        next.lint(hub.time().instant()).stream().map(RolePages::shown).toList();
    return RestAnswer.json(200, Json.write(Map.of("findings", findings))).with("etag", tag(next));
  }

  private static RestProblemException stale() {
    return new RestProblemException(
        412, "if-match: the roles were changed meanwhile (expected: the etag of those there are)");
  }

  private static Map<String, Object> shown(Finding finding) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("kind", finding.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    shown.put("key", finding.key());
    shown.put("message", finding.message());
    shown.put("advice", finding.advice());
    return shown;
  }

  RestAnswer explain(RestCall call) {
    Explanation why = roles.current().explain(question(new Fields(Json.object(call.json()))));
    Map<String, Object> shown = new LinkedHashMap<>();
    Decision decision = why.decision();
    shown.put("allowed", decision instanceof Decision.Allowed);
    shown.put("reason", why.reason());
    if (decision instanceof Decision.Allowed allowed) {
      shown.put("role", allowed.role());
      shown.put("rule", allowed.rule());
    } else if (decision instanceof Decision.Denied denied && denied.role() != null) {
      shown.put("role", denied.role());
      shown.put("rule", String.valueOf(denied.rule()));
    }
    shown.put("nearest", why.nearest().stream().map(RolePages::shown).toList());
    return RestAnswer.json(200, Json.write(shown));
  }

  private static Map<String, Object> shown(Explanation.Near near) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("role", near.role());
    shown.put("rule", near.rule());
    shown.put("effect", near.effect().name().toLowerCase(Locale.ROOT));
    shown.put("misses", near.misses());
    return shown;
  }

  private AccessRequest question(Fields fields) {
    String user = fields.required("user");
    List<String> groups = fields.texts("groups");
    String cluster = fields.required("cluster");
    Map<String, String> labels = fields.map("labels");
    String verb = fields.required("verb");
    String url = fields.text("nonResourceURL");
    String resource = fields.text("resource");
    if (url.isEmpty() == resource.isEmpty()) {
      fields.mistake("resource and nonResourceURL: both or neither (expected: one of them)");
    }
    RequestInfo info =
        new RequestInfo(
            !resource.isEmpty(),
            url.isEmpty() ? "/" : url,
            verb,
            fields.text("apiGroup"),
            "",
            fields.text("namespace"),
            resource,
            fields.text("subresource"),
            fields.text("name"));
    String source = fields.text("sourceIp");
    var at = fields.instant("at");
    fields.finish();
    ClusterName name = ClusterName.of(cluster);
    return new AccessRequest(
        new Identity(user, null, groups, Map.of()),
        name,
        labels == null ? labels(name) : labels,
        info,
        source,
        at == null ? hub.time().instant() : at);
  }

  /** Of a cluster that is not there yet one may want to know, too. */
  private Map<String, String> labels(ClusterName name) {
    try {
      return hub.fleet().get(name).labels();
    } catch (NotFoundException e) {
      return Map.of();
    }
  }

  private static String text(Roles roles) {
    return Json.write(roles.toMap());
  }

  private static String tag(Roles roles) {
    return '"' + RandomSecrets.hash(text(roles)).substring(0, 32) + '"';
  }

  private static String utf8(byte[] body) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      throw new InvalidException("body: not UTF-8 (expected: JSON in UTF-8)", e);
    }
  }
}
