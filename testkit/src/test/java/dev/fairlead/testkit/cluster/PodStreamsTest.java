package dev.fairlead.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

final class PodStreamsTest extends RunningCluster {
  private static final String POD = "/api/v1/namespaces/shop/pods/cart-0";

  @Test
  void aFollowedLogTellsNewLines() throws Exception {
    try (var log = api.stream(POD + "/log?follow=true&tailLines=0")) {
      cluster.appendLog("shop", "cart-0", "first");
      cluster.appendLog("shop", "cart-0", "second");
      assertThat(log.readLine()).isEqualTo("first");
      assertThat(log.readLine()).isEqualTo("second");
    }
  }

  @Test
  void aFollowedLogEndsWithItsPod() throws Exception {
    try (var log = api.stream(POD + "/log?follow=true&tailLines=1")) {
      assertThat(log.readLine()).startsWith("ready to serve");
      api.delete(POD);
      assertThat(log.readLine()).isNull();
    }
  }

  @Test
  void theTailOfALogIsRead() throws Exception {
    cluster.appendLog("shop", "cart-0", "the last line");
    var response =
        api.http()
            .send(api.to(POD + "/log?tailLines=1").build(), HttpResponse.BodyHandlers.ofString());
    assertThat(response.body()).isEqualTo("the last line\n");
    assertThat(api.get(POD + "/log?container=nope").text("/message"))
        .isEqualTo("container nope is not valid for pod cart-0");
  }

  @Test
  void execOverWebSocketRunsACommand() {
    var result = webSocket("v5.channel.k8s.io", "command=echo&command=hello").result();
    assertThat(result.stdout()).isEqualTo("hello\n");
    assertThat(result.status()).contains("\"Success\"");
  }

  @Test
  void stdinReachesCatUntilItIsClosed() {
    var exec = webSocket("v5.channel.k8s.io", "command=cat&stdin=true");
    exec.stdin("some ");
    exec.stdin("text");
    exec.closeStdin();
    assertThat(exec.result().stdout()).isEqualTo("some text");
  }

  @Test
  void theExitCodeComesOnTheErrorChannel() {
    var result = webSocket("v4.channel.k8s.io", "command=sh&command=-c&command=exit%207").result();
    assertThat(result.status()).contains("\"NonZeroExitCode\"", "\"ExitCode\"", "\"7\"");
  }

  @Test
  void anUnknownCommandIsNotFound() {
    var result = webSocket("v5.channel.k8s.io", "command=rm&command=-rf&command=/").result();
    assertThat(result.stderr()).contains("command not found");
    assertThat(result.status()).contains("\"127\"");
  }

  @Test
  void largeOutputArrivesWhole() {
    var result = webSocket("v5.channel.k8s.io", "command=seq&command=200000").result();
    assertThat(result.stdout().lines()).hasSize(200_000).last().isEqualTo("200000");
  }

  @Test
  void execOverSpdyRunsACommandWithInput() throws Exception {
    try (SpdyExec exec = new SpdyExec(api.tls(), cluster, POD, "command=cat&stdin=true", true)) {
      exec.stdin("through spdy");
      exec.closeStdin();
      assertThat(exec.stdout()).isEqualTo("through spdy");
      assertThat(exec.status()).contains("\"Success\"");
    }
  }

  @Test
  void spdyTellsTheExitCodeToo() throws Exception {
    try (SpdyExec exec = new SpdyExec(api.tls(), cluster, POD, "command=false", false)) {
      assertThat(exec.status()).contains("\"ExitCode\"", "\"1\"");
    }
  }

  @Test
  void execWithoutAnUpgradeIsABadRequest() {
    assertThat(api.get(POD + "/exec?command=ls&stdout=true").status()).isEqualTo(400);
    assertThat(api.get(POD + "/exec?stdout=true").status()).isEqualTo(400);
  }

  private WebSocketExec webSocket(String protocol, String query) {
    URI uri =
        URI.create(
            cluster.url().replace("https", "wss") + POD + "/exec?stdout=true&stderr=true&" + query);
    return new WebSocketExec(api.http(), uri, cluster.adminToken(), protocol);
  }
}
