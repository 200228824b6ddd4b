package dev.fairlead.benchmarks.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A real Kubernetes control plane on this machine, brought up by the tool that {@code
 * FAIRLEAD_CONTROL_PLANE} names.
 */
public final class ApiServer implements AutoCloseable {

  private static final String TOOL = "FAIRLEAD_CONTROL_PLANE";
  private static final int UP_SECONDS = 900;
  private static final int SECONDS = 60;

  private final Path lab;
  private final Path directory;
  private final int port;
  private final String token;

  private ApiServer(Path lab) throws IOException {
    this.lab = lab;
    this.directory = directory(lab);
    this.port = URI.create(Files.readString(directory.resolve("url")).strip()).getPort();
    kubectl("create", "namespace", "bench");
    kubectl("create", "serviceaccount", "agent", "--namespace=bench");
    kubectl(
        "create",
        "clusterrolebinding",
        "bench",
        "--clusterrole=cluster-admin",
        "--serviceaccount=bench:agent",
        "--group=benchmark");
    this.token = kubectl("create", "token", "agent", "--namespace=bench", "--duration=10h").strip();
  }

  /** Whether it is known how to bring one up. */
  public static boolean isKnown() {
    return tool() != null;
  }

  private static @Nullable String tool() {
    return System.getenv(TOOL);
  }

  /**
   * Brings one up.
   *
   * @param lab where its files go
   */
  static ApiServer start(Path lab) {
    String tool = tool();
    if (tool == null) {
      throw new LabException(
          "kubernetes: no control plane (expected: " + TOOL + " names the tool that starts one)");
    }
    Path directory = directory(lab);
    try {
      Files.createDirectory(directory);
      List<String> up = List.of(tool, "up", directory.toString());
      Programs.runIntoFile(UP_SECONDS, up, lab.resolve("control-plane.log"));
      return new ApiServer(lab);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path directory(Path lab) {
    return lab.resolve("control-plane");
  }

  /** Ends what was started there, even if it is not up yet; does nothing if nothing was. */
  static void stop(Path lab) {
    Path directory = directory(lab);
    if (Files.isDirectory(directory)) {
      List<String> down = List.of(String.valueOf(tool()), "down", directory.toString());
      Programs.runIntoFile(SECONDS, down, directory.resolve("down.log"));
    }
  }

  /** The way to it without a hub. */
  public Way direct() {
    return new Way(Way.DIRECT, port, "", token, null, null);
  }

  /** What agents carry requests to. */
  public Upstream upstream() {
    return new Upstream(port, directory.resolve("ca.crt"), token);
  }

  /** Runs its administrator's kubectl, and returns what it prints. */
  public String kubectl(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add("kubectl");
    command.add("--kubeconfig=" + directory.resolve("admin.kubeconfig"));
    command.addAll(List.of(arguments));
    return Programs.run(SECONDS, command);
  }

  @Override
  public void close() {
    stop(lab);
  }
}
