package dev.fairlead.e2e;

import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;

/** The API server's audit log from a moment on, read as it grows. */
final class ApiServerTrail {

  private static final Duration LONGEST = Duration.ofSeconds(60);

  private final ControlPlane plane;
  private final long since;

  private ApiServerTrail(ControlPlane plane) {
    this.plane = plane;
    this.since = plane.auditLogSize();
  }

  static ApiServerTrail from(ControlPlane plane) {
    return new ApiServerTrail(plane);
  }

  /** Waits for the record of a request, and returns all there are so far. */
  List<String> until(String seen) {
    return Awaitility.await("the API server's record of " + seen)
        .atMost(LONGEST)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(10))
        .until(
            () -> plane.auditLog(since),
            lines -> lines.stream().anyMatch(line -> line.contains(seen)));
  }

  /**
   * Whether the agent may have sent it for somebody. All others name their program, and act for
   * nobody; the agent itself asks for the version only.
   */
  static boolean isOfTheAgent(String line) {
    return line.contains("\"impersonatedUser\"")
        || !line.contains("\"userAgent\"") && !line.contains("\"requestURI\":\"/version\"");
  }
}
