package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * An agent over WebSocket whose only way out is a real HTTP proxy that wants a password. It moves
 * about a megabyte a second, and an API server cuts off what it still has to say when its process
 * has ended: so nothing large is compared here.
 */
class ThroughProxyIT extends KubectlComparison {

  private DaemonProcess proxy;

  @Override
  String name() {
    return "proxy-";
  }

  @Override
  boolean isFast() {
    return false;
  }

  @Override
  List<Path> binaries() {
    return List.of(Tools.newestKubectl());
  }

  @Override
  Site start(ControlPlane cluster, String name) {
    Path directory = Places.directory("through-proxy");
    int port = DaemonProcess.freePort();
    Path configuration =
        Places.write(
            directory.resolve("tinyproxy.conf"),
            """
            Port %d
            Listen 127.0.0.1
            Timeout 600
            MaxClients 100
            BasicAuth agent s3cret
            LogFile "%s"
            LogLevel Connect
            """
                .formatted(port, directory.resolve("tinyproxy.access.log")));
    proxy =
        DaemonProcess.start(
            "tinyproxy",
            directory.resolve("tinyproxy.log"),
            port,
            "-d",
            "-c",
            configuration.toString());
    Path credentials = Places.write(directory.resolve("proxy-auth"), "agent:s3cret\n");
    HubProcess hub = HubProcess.dialledAt(directory, "wss://127.0.0.1:0");
    return Site.start(
        directory,
        hub,
        "wss://" + hub.agents(),
        cluster,
        List.of("--proxy", "http://127.0.0.1:" + port, "--proxy-auth", credentials.toString()));
  }

  @Test
  void theProxyWasAsked() throws IOException {
    assertThat(Files.readString(proxy.log().resolveSibling("tinyproxy.access.log")))
        .contains("CONNECT 127.0.0.1:");
  }

  @AfterAll
  void stopProxy() {
    proxy.close();
  }
}
