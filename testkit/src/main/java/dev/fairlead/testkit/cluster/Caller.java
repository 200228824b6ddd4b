package dev.fairlead.testkit.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.testkit.cluster.object.Trees;
import java.util.List;
import java.util.Map;

/** Who a request runs as. */
record Caller(String user, String uid, List<String> groups, Map<String, List<String>> extra) {
  static final String MASTERS = "system:masters";
  static final String AUTHENTICATED = "system:authenticated";
  static final Caller ANONYMOUS =
      new Caller("system:anonymous", "", List.of("system:unauthenticated"), Map.of());

  boolean anonymous() {
    return groups.contains("system:unauthenticated");
  }

  ObjectNode toUserInfo() {
    ObjectNode info = Trees.object().put("username", user);
    if (!uid.isEmpty()) {
      info.put("uid", uid);
    }
    groups.forEach(info.putArray("groups")::add);
    if (!extra.isEmpty()) {
      ObjectNode json = info.putObject("extra");
      extra.forEach((key, values) -> values.forEach(json.withArrayProperty(key)::add));
    }
    return info;
  }
}
