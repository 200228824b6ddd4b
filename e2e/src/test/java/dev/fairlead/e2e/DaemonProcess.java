package dev.fairlead.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A server of the machine's distribution, in the foreground on a port of this machine. */
final class DaemonProcess implements AutoCloseable {

  private static final Duration READY = Duration.ofSeconds(60);
  private static final int END_SECONDS = 20;

  /** Below what Linux gives to outgoing connections, which may come between asking and taking. */
  private static final int LOWEST_PORT = 20_000;

  private static final int HIGHEST_PORT = 32_000;

  private final String program;
  private final Path log;
  private final Process process;

  private DaemonProcess(String program, Path log, Process process) {
    this.program = program;
    this.log = log;
    this.process = process;
  }

  /** Starts it, and waits until the port is taken. */
  static DaemonProcess start(String program, Path log, int port, String... arguments) {
    List<String> line = new ArrayList<>(List.of(program));
    line.addAll(List.of(arguments));
    try {
      Process process =
          new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(log.toFile()).start();
      Awaitility.await(program + " listens, see " + log)
          .atMost(READY)
          .pollInterval(Duration.ofMillis(50))
          .until(() -> listens(port) || !process.isAlive());
      if (!process.isAlive()) {
        throw new AssertionError(program + " ended with " + process.exitValue() + ", see " + log);
      }
      return new DaemonProcess(program, log, process);
    } catch (IOException e) {
      throw new UncheckedIOException(
          program + " cannot be started (is it installed? apt-get install " + program + ")", e);
    }
  }

  /** A port that was free a moment ago, of those that no connection is given as its own. */
  static int freePort() {
    for (int tries = 0; tries < 100; tries++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST_PORT, HIGHEST_PORT);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException taken) {
        // Another one is free.
      }
    }
    throw new AssertionError("no free port from " + LOWEST_PORT + " to " + HIGHEST_PORT);
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException refused) {
      return false;
    }
  }

  Path log() {
    return log;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(program + " did not end at SIGTERM, see " + log);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted: " + program, e);
    }
  }
}
