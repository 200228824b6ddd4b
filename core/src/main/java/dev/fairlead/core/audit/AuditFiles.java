package dev.fairlead.core.audit;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files of one trail: the one that is written, those it was before, and a directory with what
 * is needed to go on.
 *
 * @param current the file that is written
 */
record AuditFiles(Path current) {

  AuditFiles {
    current = current.toAbsolutePath();
  }

  /** What a file is called that begins with a record and is not written any more. */
  Path rotated(long firstSequence) {
    return current.resolveSibling("%s.%019d".formatted(current.getFileName(), firstSequence));
  }

  /** Where the last checkpoint, the lock and, unless told otherwise, the key are kept. */
  Path directory() {
    return current.resolveSibling(current.getFileName() + ".chain");
  }

  Path head() {
    return directory().resolve("head");
  }

  /** The files that are no longer written, by the numbers of their first records. */
  TreeMap<Long, Path> rotated() throws IOException {
    Pattern name =
        Pattern.compile(Pattern.quote(current.getFileName().toString()) + "\\.(\\d{19})");
    TreeMap<Long, Path> found = new TreeMap<>();
    try (DirectoryStream<Path> siblings = Files.newDirectoryStream(current.resolveSibling(""))) {
      for (Path sibling : siblings) {
        Matcher matcher = name.matcher(sibling.getFileName().toString());
        if (matcher.matches()) {
          found.put(Long.valueOf(matcher.group(1)), sibling);
        }
      }
    }
    return found;
  }

  /** All files, oldest first. */
  List<Path> all() throws IOException {
    List<Path> all = new ArrayList<>();
    for (Map.Entry<Long, Path> entry : rotated().entrySet()) {
      all.add(entry.getValue());
    }
    if (Files.exists(current)) {
      all.add(current);
    }
    return all;
  }
}
