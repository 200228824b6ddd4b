package dev.fairlead.e2e.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The TCP ports on which this very process listens, as Linux tells. */
final class ListeningSockets {

  private static final String LISTEN = "0A";
  private static final int STATE = 3;
  private static final int INODE = 9;

  private ListeningSockets() {}

  static int ofThisProcess() throws IOException {
    Set<String> ours = inodes();
    int count = 0;
    for (String table : List.of("/proc/self/net/tcp", "/proc/self/net/tcp6")) {
      for (String line : Files.readAllLines(Path.of(table))) {
        String[] fields = line.trim().split("\\s+");
        if (fields.length > INODE && fields[STATE].equals(LISTEN) && ours.contains(fields[INODE])) {
          count++;
        }
      }
    }
    return count;
  }

  private static Set<String> inodes() throws IOException {
    Set<String> inodes = new HashSet<>();
    try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
      for (Path file : files.toList()) {
        try {
          String target = Files.readSymbolicLink(file).toString();
          if (target.startsWith("socket:[")) {
            inodes.add(target.substring("socket:[".length(), target.length() - 1));
          }
        } catch (IOException gone) {
          // Closed since the list was made.
        }
      }
    }
    return inodes;
  }
}
