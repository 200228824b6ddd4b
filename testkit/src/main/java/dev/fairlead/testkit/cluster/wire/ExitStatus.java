package dev.fairlead.testkit.cluster.wire;

import java.nio.charset.StandardCharsets;

/** The {@code metav1.Status} with which the error stream tells how a process ended. */
final class ExitStatus {
  private ExitStatus() {}

  static byte[] json(int code) {
    String text =
        code == 0
            ? "{\"metadata\":{},\"status\":\"Success\"}"
            : "{\"metadata\":{},\"status\":\"Failure\",\"reason\":\"NonZeroExitCode\","
                + "\"message\":\"command terminated with non-zero exit code: exit status "
                + code
                + "\",\"details\":{\"causes\":[{\"reason\":\"ExitCode\",\"message\":\""
                + code
                + "\"}]}}";
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
