package dev.fairlead.testkit.cluster;

import dev.fairlead.testkit.cluster.wire.WireRequest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The last requests, oldest first. Safe for concurrent use. */
final class RequestLog {
  private static final Set<String> CREDENTIALS =
      Set.of("authorization", "cookie", "proxy-authorization", "sec-websocket-protocol");

  private final Deque<RecordedRequest> requests = new ArrayDeque<>();
  private final int capacity;

  RequestLog(int capacity) {
    this.capacity = capacity;
  }

  void record(WireRequest request, Caller caller, @Nullable Caller as) {
    Map<String, List<String>> headers = new LinkedHashMap<>(request.headers());
    headers.replaceAll((name, values) -> CREDENTIALS.contains(name) ? List.of("***") : values);
    int mark = request.target().indexOf('?');
    RecordedRequest recorded =
        new RecordedRequest(
            request.method(),
            request.path(),
            mark < 0 ? "" : request.target().substring(mark + 1),
            caller.user(),
            as == null ? null : as.user(),
            as == null ? List.of() : as.groups(),
            Map.copyOf(headers));
    synchronized (requests) {
      requests.add(recorded);
      if (requests.size() > capacity) {
        requests.remove();
      }
    }
  }

  List<RecordedRequest> all() {
    synchronized (requests) {
      return List.copyOf(requests);
    }
  }
}
