package dev.fairlead.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
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
    try {
      Path programs = Files.createDirectories(directory.resolve("programs"));
      Path tar = Files.writeString(programs.resolve("tar"), TAR);
      Files.setPosixFilePermissions(tar, PosixFilePermissions.fromString("rwxr-xr-x"));
      Files.writeString(programs.resolve("kwok.yaml"), KWOK);
      Command.of(Tools.controlPlane(), "up", directory.toString())
          .env("PATH", programs + ":" + System.getenv("PATH"))
          .env("KWOK_WORKDIR", programs.toString())
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
