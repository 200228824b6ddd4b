package dev.fairlead.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/** A proxy in front of a server that writes down all requests and responses. */
final class Recorder implements AutoCloseable {

  /** What is under way when a command ends has to end soon after it. */
  private static final Duration SETTLED = Duration.ofSeconds(30);

  private final DaemonProcess process;
  private final int port;
  private final Path file;

  private Recorder(DaemonProcess process, int port, Path file) {
    this.process = process;
    this.port = port;
    this.file = file;
  }

  /**
   * Starts one that shows a control plane's own certificate.
   *
   * @param upstream the server behind, as https://host:port
   * @param asAdmin whether it presents itself to the server as the control plane's administrator
   */
  static Recorder start(
      Path directory, String name, ControlPlane plane, String upstream, Path ca, boolean asAdmin) {
    int port = DaemonProcess.freePort();
    Path file = directory.resolve(name + ".jsonl");
    String admin = asAdmin ? plane.file("admin").toString() : "";
    DaemonProcess process =
        DaemonProcess.start(
            GoProgram.build("recorder").toString(),
            directory.resolve(name + ".log"),
            port,
            "-port=" + port,
            "-cert=" + plane.file("server.crt"),
            "-key=" + plane.file("server.key"),
            "-upstream=" + upstream,
            "-ca=" + ca,
            "-client-cert=" + (asAdmin ? admin + ".crt" : ""),
            "-client-key=" + (asAdmin ? admin + ".key" : ""),
            "-record=" + file);
    return new Recorder(process, port, file);
  }

  /** Where it listens, as https://host:port. */
  String url() {
    return "https://127.0.0.1:" + port;
  }

  /** How much was written down so far. */
  long mark() {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What began after a mark, when all of it has ended. */
  List<Recorded> since(long mark) {
    Map<Long, Recorded> found = new LinkedHashMap<>();
    Awaitility.await("end of all requests in " + file)
        .atMost(SETTLED)
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> {
              read(mark).forEach(exchange -> found.put(exchange.id(), exchange));
              return found.values().stream().allMatch(Recorded::ended);
            });
    return List.copyOf(found.values());
  }

  private List<Recorded> read(long mark) {
    try (var in = Files.newInputStream(file)) {
      in.skipNBytes(mark);
      String text = new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
      // The last line may be half written.
      return text.substring(0, text.lastIndexOf('\n') + 1).lines().map(Recorded::parse).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.close();
  }
}
