package dev.fairlead.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * What another process holds, as /proc and its JVM tell.
 *
 * @param threads live threads
 * @param files open files, sockets among them
 * @param sockets open sockets
 * @param streams streams of HTTP/1.1 and HTTP/2 that something still points to
 * @param exchanges requests at the hub that something still points to
 */
record ProcessHoldings(int threads, int files, int sockets, int streams, int exchanges) {

  /**
   * What comes and goes by itself: compilers and idle threads of pools, files of the JVM,
   * connections that users keep for their next request.
   */
  private static final int SOME = 8;

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final List<String> STREAMS =
      List.of("http.Http1ServerStream", "http.Http1ClientStream", "http.Http2LinkStream");

  static ProcessHoldings of(long pid) {
    int sockets = 0;
    List<Path> files = list("/proc/" + pid + "/fd");
    for (Path file : files) {
      try {
        if (Files.readSymbolicLink(file).toString().startsWith("socket:")) {
          sockets++;
        }
      } catch (IOException closedMeanwhile) {
        // It is none any more.
      }
    }
    String histogram =
        Command.of(
                Path.of(System.getProperty("java.home"), "bin", "jcmd"),
                String.valueOf(pid),
                "GC.class_histogram")
            .run(SOON)
            .succeeded()
            .stdout();
    int streams = STREAMS.stream().mapToInt(name -> count(histogram, name)).sum();
    return new ProcessHoldings(
        list("/proc/" + pid + "/task").size(),
        files.size(),
        sockets,
        streams,
        count(histogram, "exchange.Exchange"));
  }

  private static List<Path> list(String directory) {
    try (Stream<Path> entries = Files.list(Path.of(directory))) {
      return entries.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Of a line such as {@code 12: 34 1234 dev.fairlead.core.http.Name}. */
  private static int count(String histogram, String name) {
    return histogram
        .lines()
        .map(line -> line.strip().split("\\s+"))
        .filter(fields -> fields.length >= 4 && fields[3].equals("dev.fairlead.core." + name))
        .mapToInt(fields -> Integer.parseInt(fields[1]))
        .sum();
  }

  /** Whether it is no more than before, give or take what comes and goes by itself. */
  boolean isNoMoreThan(ProcessHoldings before) {
    return threads <= before.threads + SOME
        && files <= before.files + SOME
        && sockets <= before.sockets + SOME
        && streams <= before.streams
        && exchanges <= before.exchanges;
  }
}
