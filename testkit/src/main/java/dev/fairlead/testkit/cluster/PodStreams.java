package dev.fairlead.testkit.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.testkit.cluster.object.ApiException;
import dev.fairlead.testkit.cluster.object.Kinds;
import dev.fairlead.testkit.cluster.object.Trees;
import dev.fairlead.testkit.cluster.shell.HelloServer;
import dev.fairlead.testkit.cluster.shell.Shell;
import dev.fairlead.testkit.cluster.store.Change;
import dev.fairlead.testkit.cluster.store.LogRing;
import dev.fairlead.testkit.cluster.store.ObjectStore;
import dev.fairlead.testkit.cluster.wire.Process;
import dev.fairlead.testkit.cluster.wire.Reply;
import dev.fairlead.testkit.cluster.wire.WireRequest;
import dev.fairlead.testkit.cluster.workload.PodLogs;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The subresources of pods that a kubelet would answer: log, exec, attach and portforward. */
final class PodStreams {
  private final ObjectStore store;
  private final PodLogs logs;
  private final Clock clock;

  PodStreams(ObjectStore store, PodLogs logs, Clock clock) {
    this.store = store;
    this.logs = logs;
    this.clock = clock;
  }

  Reply answer(WireRequest request, RequestInfo info) {
    Change.Key key = new Change.Key(Kinds.POD, info.namespace(), info.name());
    ObjectNode pod = store.get(key);
    boolean read = request.method().equals("GET");
    if (!read && (!request.method().equals("POST") || info.subresource().equals("log"))) {
      throw Resources.notAllowed();
    }
    return switch (info.subresource()) {
      case "log" -> log(request, info, pod);
      case "exec" -> exec(request, info, pod);
      case "attach" -> attach(request, info, pod);
      default ->
          new Reply.Forwarded(
              port -> new HelloServer(info.name(), port), new PodEnding(store, key, pod));
    };
  }

  private Reply log(WireRequest request, RequestInfo info, ObjectNode pod) {
    String container = Trees.text(container(request, pod), "name");
    LogQuery query = LogQuery.of(request, clock);
    LogRing ring =
        logs.find(info.namespace(), info.name(), container).orElseGet(() -> new LogRing(1));
    if (request.flag("follow")) {
      return new Reply.Streamed(
          "text/plain", new LogSource(ring, query), Duration.ZERO, Duration.ZERO);
    }
    return Replies.text(query.read(ring));
  }

  private Reply exec(WireRequest request, RequestInfo info, ObjectNode pod) {
    List<String> command = request.query().getOrDefault("command", List.of());
    if (command.isEmpty()) {
      throw ApiException.badRequest("you must specify at least one command for the container");
    }
    JsonNode container = container(request, pod);
    return interactive(
        request, () -> new Shell(info.name(), environment(info, container)).run(command));
  }

  private Reply attach(WireRequest request, RequestInfo info, ObjectNode pod) {
    String container = Trees.text(container(request, pod), "name");
    LogRing ring =
        logs.find(info.namespace(), info.name(), container).orElseGet(() -> new LogRing(1));
    return interactive(request, () -> new AttachedLog(ring));
  }

  private static Reply interactive(WireRequest request, Supplier<Process> start) {
    boolean stdin = request.flag("stdin");
    boolean stdout = request.flag("stdout");
    boolean stderr = request.flag("stderr");
    boolean tty = request.flag("tty");
    if (!stdin && !stdout && !stderr) {
      throw ApiException.badRequest("you must specify at least 1 of stdin, stdout, stderr");
    }
    return new Reply.Interactive(stdin, stdout, stderr && !tty, tty, start);
  }

  private static JsonNode container(WireRequest request, ObjectNode pod) {
    String wanted = request.parameter("container").orElse("");
    JsonNode containers = Trees.at(pod, "spec", "containers");
    String name = Trees.text(pod, "metadata", "name");
    if (wanted.isEmpty() && containers.size() == 1) {
      return containers.get(0);
    }
    List<String> names = new ArrayList<>();
    for (JsonNode container : containers) {
      names.add(Trees.text(container, "name"));
      if (Trees.text(container, "name").equals(wanted)) {
        return container;
      }
    }
    throw ApiException.badRequest(
        wanted.isEmpty()
            ? "a container name must be specified for pod %s, choose one of: [%s]"
                .formatted(name, String.join(" ", names))
            : "container %s is not valid for pod %s".formatted(wanted, name));
  }

  private static Map<String, String> environment(RequestInfo info, JsonNode container) {
    Map<String, String> environment = new HashMap<>();
    environment.put("HOSTNAME", info.name());
    environment.put("HOME", "/");
    environment.put("PATH", "/usr/local/bin:/usr/bin:/bin");
    environment.put("KUBERNETES_SERVICE_HOST", "10.96.0.1");
    environment.put("KUBERNETES_SERVICE_PORT", "443");
    for (JsonNode variable : container.path("env")) {
      environment.put(Trees.text(variable, "name"), Trees.text(variable, "value"));
    }
    return environment;
  }
}
