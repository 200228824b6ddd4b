package dev.fairlead.core.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class KubernetesStatusTest {

  @Test
  void statusIsWhatTheApiServerWouldWrite() {
    assertThat(json(KubernetesStatus.of(StatusReason.SERVICE_UNAVAILABLE, "cluster a is offline")))
        .isEqualTo(
            "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Failure\","
                + "\"message\":\"cluster a is offline\",\"reason\":\"ServiceUnavailable\","
                + "\"code\":503}");
  }

  @Test
  void forbiddenNamesTheObject() {
    KubernetesStatus status = KubernetesStatus.forbidden("apps", "deployments", "web", "User no");
    assertThat(status.code()).isEqualTo(403);
    assertThat(json(status))
        .contains("\"message\":\"deployments.apps \\\"web\\\" is forbidden: User no\"")
        .contains("\"details\":{\"name\":\"web\",\"group\":\"apps\",\"kind\":\"deployments\"}");
    assertThat(KubernetesStatus.forbidden("", "pods", "", "User no").message())
        .isEqualTo("pods is forbidden: User no");
    assertThat(KubernetesStatus.forbidden("", "", "", "User no").message())
        .isEqualTo("forbidden: User no");
  }

  @Test
  void messageIsEscaped() {
    assertThat(json(KubernetesStatus.of(StatusReason.BAD_REQUEST, "a\r\n\"b\u0001")))
        .contains("\"message\":\"a\\r\\n\\\"b\\u0001\"");
  }

  @Test
  void reasonUnknownToKubernetesIsLeftOut() {
    assertThat(json(KubernetesStatus.of(StatusReason.REQUEST_HEADER_FIELDS_TOO_LARGE, "large")))
        .doesNotContain("reason")
        .contains("\"code\":431");
  }

  private static String json(KubernetesStatus status) {
    return new String(status.toJson(), StandardCharsets.UTF_8);
  }
}
