package dev.fairlead.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;

/** A real Kubernetes control plane on this machine. */
final class ControlPlane implements AutoCloseable {

  private static final Duration DEADLINE = Duration.ofMinutes(15);

  /**
   * Stands in for tar in pods. The control plane's nodes do not pass the end of standard input on
   * to a command, and an unpacking tar waits for it; this one ends where the archive does.
   */
  private static final String TAR =
      """
      #!/usr/bin/env python3
      import os, sys, tarfile
      if 'x' not in sys.argv[1]:
          path = [d for d in os.environ['PATH'].split(':') if d != os.path.dirname(os.path.abspath(__file__))]
          os.environ['PATH'] = ':'.join(path)
          os.execvp('tar', ['tar'] + sys.argv[1:])
      where = sys.argv[sys.argv.index('-C') + 1] if '-C' in sys.argv else '.'
      with tarfile.open(fileobj=open(0, 'rb', buffering=0), mode='r|') as archive:
          archive.extractall(where)
      """;

  /**
   * What kwok does besides what the tool tells it: without leases nobody says that the node is
   * alive, and every 55 seconds the node controller declares all its pods unready, for good.
   */
  private static final String KWOK =
      """
      apiVersion: config.kwok.x-k8s.io/v1alpha1
      kind: KwokConfiguration
      options:
        nodeLeaseDurationSeconds: 40
      """;

  private final Path directory;

  private ControlPlane(Path directory) {
    this.directory = directory;
  }

  /** Starts a cluster in a directory of its own, and returns when it is ready. */
  static ControlPlane up(Path directory) {
    return up(directory, Tools.programs());
  }

  /** The same, with features of the API server that are off by default. */
  static ControlPlane withFeatures(Path directory, String... features) {
    Path real = Tools.programs();
    Path programs = directory.resolve("programs-with-features");
    try {
      Files.createDirectories(programs);
      for (String same :
          List.of("etcd", "helm", "kube-controller-manager", "kube-scheduler", "kwok")) {
        Files.createSymbolicLink(programs.resolve(same), real.resolve(same));
      }
      executable(
          programs.resolve("kube-apiserver"),
          "#!/bin/sh\nexec '%s' --feature-gates=%s \"$@\"\n"
              .formatted(real.resolve("kube-apiserver"), String.join(",", features)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return up(directory, programs);
  }

  private static void executable(Path file, String text) throws IOException {
    Files.setPosixFilePermissions(
        Files.writeString(file, text), PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static ControlPlane up(Path directory, Path cache) {
    try {
      Path programs = Files.createDirectories(directory.resolve("programs"));
      executable(programs.resolve("tar"), TAR);
      Files.writeString(programs.resolve("kwok.yaml"), KWOK);
      Command.of(Tools.controlPlane(), "up", directory.toString())
          .env("PATH", programs + ":" + System.getenv("PATH"))
          .env("KWOK_WORKDIR", programs.toString())
          .env("CONTROL_PLANE_CACHE", cache.toString())
          .run(DEADLINE)
          .succeeded();
      return new ControlPlane(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A kubeconfig of its administrator. */
  Path adminKubeconfig() {
    return directory.resolve("admin.kubeconfig");
  }

  /** The same as a text. */
  String adminKubeconfigText() {
    return read("admin.kubeconfig");
  }

  /** Writes a kubeconfig of the administrator who acts as a user. */
  Path kubeconfigAs(User user, Path file) {
    String as =
        ", as: %s, as-uid: %s, as-groups: [%s]}}"
            .formatted(user.username(), user.uid(), String.join(",", user.groups()));
    return Places.write(file, adminKubeconfigText().replaceFirst("(admin\\.key)}}", "$1" + as));
  }

  /** Where its API server listens, as https://host:port. */
  String url() {
    return read("url").strip();
  }

  /** The certificate of its CA, in PEM. */
  byte[] ca() {
    return read("ca.crt").getBytes(StandardCharsets.UTF_8);
  }

  /** One of its files, such as {@code server.key}. */
  Path file(String name) {
    return directory.resolve(name);
  }

  /** The administrator's kubectl. */
  Kubectl admin() {
    return new Kubectl(Tools.newestKubectl(), adminKubeconfig(), directory, List.of());
  }

  /** Where the commands run that {@code kubectl exec} starts. */
  Path work() {
    return directory.resolve("work");
  }

  /** Appends a line to the log that all pods share. */
  void appendToPodLog(String line) {
    try {
      Files.writeString(
          work().resolve("pod.log"),
          "2026-01-01T00:00:02.000000000Z stdout F " + line + "\n",
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The port on this machine that {@code kubectl port-forward} reaches, whatever the pod's port.
   */
  int forwardedPort() {
    return Integer.parseInt(read("forward.port").strip());
  }

  /** The audit log's records of requests, one JSON object each. */
  List<String> auditLog() {
    return read("audit.log").lines().toList();
  }

  /** How long the audit log is, in bytes. */
  long auditLogSize() {
    try {
      return Files.size(file("audit.log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The audit log's whole records after its first bytes. */
  List<String> auditLog(long since) {
    try (InputStream log = Files.newInputStream(file("audit.log"))) {
      log.skipNBytes(since);
      String text = new String(log.readAllBytes(), StandardCharsets.UTF_8);
      return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes etcd forget all but its newest state, which it does by itself every few minutes. */
  void compact() {
    String etcd = "http://127.0.0.1:" + read("etcd.port").strip() + "/v3/kv/";
    String newest =
        post(etcd + "range", "{\"key\":\"AA==\"}")
            .replaceAll("(?s).*\"revision\":\"(\\d+)\".*", "$1");
    post(etcd + "compaction", "{\"revision\":\"" + newest + "\",\"physical\":true}");
  }

  private static String post(String url, String json) {
    try {
      HttpResponse<String> answer =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create(url))
                      .POST(HttpRequest.BodyPublishers.ofString(json))
                      .build(),
                  HttpResponse.BodyHandlers.ofString());
      boolean doneBefore = answer.body().contains("has been compacted");
      if (answer.statusCode() != 200 && !doneBefore) {
        throw new AssertionError(url + ": " + answer.statusCode() + " " + answer.body());
      }
      return answer.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** Freezes the API server, which then is silent. */
  void pause() {
    tool("pause");
  }

  /** Thaws the API server. */
  void resume() {
    tool("resume");
  }

  /**
   * Gives the users their rights in the cluster: those of group admins and of group
   * cluster-operators may do everything, bob may read.
   */
  void bindUsers() {
    admin()
        .run(
            "create",
            "clusterrolebinding",
            "admins",
            "--clusterrole=cluster-admin",
            "--group=admins")
        .succeeded();
    admin()
        .run(
            "create",
            "clusterrolebinding",
            "operators",
            "--clusterrole=cluster-admin",
            "--group=cluster-operators")
        .succeeded();
    admin()
        .run("create", "clusterrolebinding", "readers", "--clusterrole=view", "--user=bob")
        .succeeded();
  }

  @Override
  public void close() {
    tool("down");
  }

  private void tool(String action) {
    Command.of(Tools.controlPlane(), action, directory.toString())
        .run(Duration.ofMinutes(2))
        .succeeded();
  }

  private String read(String file) {
    try {
      return Files.readString(directory.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
