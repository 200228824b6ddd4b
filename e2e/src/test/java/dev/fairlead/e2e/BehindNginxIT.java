package dev.fairlead.e2e;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;

/** An agent over WebSocket whose TLS ends at a real nginx, with its usual idle timeout of 60 s. */
class BehindNginxIT extends KubectlComparison {

  private DaemonProcess nginx;

  @Override
  String name() {
    return "nginx-";
  }

  @Override
  List<Path> binaries() {
    return List.of(Tools.newestKubectl());
  }

  @Override
  Site start(ControlPlane cluster, String name) {
    Path directory = Places.directory("behind-nginx");
    Path key = directory.resolve("nginx.key");
    Path certificate = directory.resolve("nginx.pem");
    Command.of(
            Path.of("openssl"),
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=a load balancer",
            "-addext",
            "subjectAltName=IP:127.0.0.1",
            "-keyout",
            key.toString(),
            "-out",
            certificate.toString())
        .run(Duration.ofSeconds(30))
        .succeeded();
    HubProcess hub = HubProcess.dialledAt(directory, "wss://127.0.0.1:0", "--behind-load-balancer");
    int port = DaemonProcess.freePort();
    String behind = hub.agents().replace("wss://", "");
    Path configuration =
        Places.write(
            directory.resolve("nginx.conf"),
            """
            daemon off;
            pid %1$s/nginx.pid;
            error_log %1$s/nginx.error.log;
            worker_processes 1;
            events { worker_connections 256; }
            http {
              access_log %1$s/nginx.access.log;
              client_body_temp_path %1$s/body; proxy_temp_path %1$s/proxy;
              fastcgi_temp_path %1$s/fastcgi; uwsgi_temp_path %1$s/uwsgi;
              scgi_temp_path %1$s/scgi;
              server {
                listen 127.0.0.1:%2$d ssl;
                ssl_certificate %1$s/nginx.pem; ssl_certificate_key %1$s/nginx.key;
                location / {
                  proxy_pass https://%3$s;
                  proxy_http_version 1.1;
                  proxy_set_header Upgrade $http_upgrade;
                  proxy_set_header Connection "upgrade";
                  proxy_set_header Host $http_host;
                }
              }
            }
            """
                .formatted(directory, port, behind));
    nginx =
        DaemonProcess.start(
            "nginx", directory.resolve("nginx.log"), port, "-c", configuration.toString());
    return Site.start(
        directory,
        hub,
        "wss://127.0.0.1:" + port,
        cluster,
        List.of("--load-balancer-ca", certificate.toString()));
  }

  @AfterAll
  void stopNginx() {
    nginx.close();
  }
}
