package dev.fairlead.core.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTargetTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/?",
        "/api",
        "/api/",
        "/openapi/v3?",
        "/api/v1/namespaces/shop/pods?limit=500&continue=eyJ2IjoibWV0YS5rOHMuaW8vdjEi%3D",
        "/apis/rbac.authorization.k8s.io/v1/clusterroles/system:node",
        "/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Anode",
        "/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3anode?pretty=true",
        "/api/v1/namespaces/x/services/https:foo:443/proxy/some/path/",
        "/api/v1/namespaces/x/services/foo/proxy/a?q=up{job=\"x\"}&r=[1]|2^<>`\\",
        "/api/v1/namespaces/x/pods/p/exec?command=sh&command=-c&command=a%0Ab+%2525&stdin=true",
        "/apis/x/v1/things/100%25",
        "/apis/x/v1/things/caf%C3%A9",
        "/apis/x/v1/things/...",
        "/apis/x/v1/things/a..b/.hidden",
        "/a-._~!$&'()*+,=:@",
      })
  void acceptedTargetKeepsEveryByte(String raw) {
    assertThat(RequestTarget.parse(raw).raw()).isEqualTo(raw);
  }

  @ParameterizedTest
  @CsvSource({
    "/, ''",
    "/api/v1/, api|v1",
    "/a/system%3Anode, a|system:node",
    "/a/x+y%2By, a|x+y+y",
    "/a/caf%C3%A9, a|café",
    "/a/%F0%9F%98%80, a|😀",
    "/a/100%25, a|100%",
    "/a/50%25%20off, a|50% off",
    "/a/what%3F%23, a|what?#",
  })
  void segmentsAreDecodedOnce(String raw, String segments) {
    assertThat(String.join("|", RequestTarget.parse(raw).segments())).isEqualTo(segments);
  }

  @Test
  void decodedPathKeepsTheSlashAtTheEnd() {
    assertThat(RequestTarget.parse("/%68ealthz/?x").path()).isEqualTo("/healthz/");
    assertThat(RequestTarget.parse("/%68ealthz?x").path()).isEqualTo("/healthz");
    assertThat(RequestTarget.parse("/?x").path()).isEqualTo("/");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*",
        "api",
        "http://other/api",
        "https://hub/clusters/a/api",
        "hub:443",
        "?watch=1",
        "//",
        "//evil/api",
        "/api//v1",
        "/api/v1//",
        "/.",
        "/..",
        "/api/../x",
        "/api/./x",
        "/api/..",
        "/api/%2e%2e/x",
        "/api/%2E./x",
        "/api/.%2e",
        "/api/%2e",
        "/api%2fv1",
        "/api%2Fv1",
        "/api%5cv1",
        "/api%5Cv1",
        "/api\\v1",
        "/api;x=1/v1",
        "/api/..;/x",
        "/api%3bx",
        "/api/%00",
        "/api/%0d%0aX",
        "/api/%1f",
        "/api/%7f",
        "/api/%C2%85",
        "/api/a b",
        "/api/a\tb",
        "/api/a\r\nHost: x",
        "/api/a\u0000",
        "/api/\u007f",
        "/api/é",
        "/api/ü?x",
        "/api/\uff0e\uff0e/x",
        "/api#frag",
        "/api?x#frag",
        "/api/%",
        "/api/%2",
        "/api/%zz",
        "/api/%u002e",
        "/api/%-1",
        "/api/%252e%252e/x",
        "/api/%252f",
        "/api/%2525252e",
        "/api/%25%32%65",
        "/api/%c0%ae%c0%ae/x",
        "/api/%ff",
        "/api/%ed%a0%80",
        "/api/\"x\"",
        "/api/<x>",
        "/api/{x}",
        "/api/a|b",
        "/api/a^b",
        "/api/`x`",
        "/api/[x]",
        "/api?%",
        "/api?a=%f",
        "/api?a=%zz",
        "/api?a=%00",
        "/api?a=b;c=d",
        "/api?a=b c",
        "/api?é",
        "/api?a\n",
      })
  void ambiguousOrMalformedTargetIsRefused(String raw) {
    var refused =
        catchThrowableOfType(RefusedRequestException.class, () -> RequestTarget.parse(raw));
    assertThat(refused).as(raw).isNotNull();
    assertThat(refused.code()).isEqualTo(400);
    assertThat(refused)
        .hasMessageContaining("(expected: ")
        .message()
        .matches(message -> message.chars().allMatch(c -> c >= 0x20 && c < 0x7f), "is printable");
  }

  @Test
  void everyByteOutsidePrintableAsciiIsRefusedInPathAndQuery() {
    for (int b = 0; b < 256; b++) {
      if (b > 0x20 && b < 0x7f) {
        continue;
      }
      String c = new String(new byte[] {(byte) b}, StandardCharsets.ISO_8859_1);
      assertRefused("/api/" + c);
      assertRefused("/api?" + c);
    }
  }

  @Test
  void lengthsAreBoundedExactly() {
    String path = "/" + "a".repeat(RequestTarget.MAX_PATH - 1);
    assertThat(RequestTarget.parse(path).rawPath()).hasSize(RequestTarget.MAX_PATH);
    assertRefused(path + "a");
    String target = "/?" + "q".repeat(RequestTarget.MAX_TARGET - 2);
    assertThat(RequestTarget.parse(target).raw()).hasSize(RequestTarget.MAX_TARGET);
    assertRefused(target + "q");
  }

  @Test
  void tenThousandParametersAreReadAndOneMoreIsRefused() {
    String query = "a&".repeat(9_999) + "b=1";
    assertThat(RequestTarget.parse("/?" + query).query().first("b")).hasValue("1");
    assertRefused("/?" + query + "&");
  }

  @Test
  void refusalNeverRepeatsTheQuery() {
    var refused =
        catchThrowableOfType(
            RefusedRequestException.class, () -> RequestTarget.parse("/api?token=hunter2;%zz"));
    assertThat(refused).hasMessageNotContaining("hunter2");
    assertThat(RequestTarget.parse("/api?token=hunter2").toString()).isEqualTo("/api?...");
    assertThat(RequestTarget.parse("/api?token=hunter2").query().toString())
        .doesNotContain("hunter2");
  }

  @ParameterizedTest
  @CsvSource({
    "watch=true, watch, true",
    "w%61tch=1, watch, 1",
    "a=1&watch=x&watch=y, watch, x",
    "watch, watch, ''",
    "watch=, watch, ''",
    "x=a%3Db+c%2B, x, a=b c+",
    "x=a=b, x, a=b",
    "&&x=1, x, 1",
    "a+b=1, a b, 1",
    "a%2Bb=1, a+b, 1",
    "watches=1, watch,",
    "Watch=1, watch,",
    "wat=1, watch,",
    "a+b=1, a+b,",
  })
  void firstParameterOfThatNameIsDecodedOnce(String query, String name, String value) {
    assertThat(RequestTarget.parse("/?" + query).query().first(name).orElse(null)).isEqualTo(value);
  }

  @Test
  void targetsAreEqualWhenTheirBytesAre() {
    assertThat(RequestTarget.parse("/a?b"))
        .isEqualTo(RequestTarget.parse("/a?b"))
        .hasSameHashCodeAs(RequestTarget.parse("/a?b"))
        .isNotEqualTo(RequestTarget.parse("/%61?b"));
  }

  private static void assertRefused(String raw) {
    assertThat(catchThrowableOfType(RefusedRequestException.class, () -> RequestTarget.parse(raw)))
        .isNotNull();
  }
}
