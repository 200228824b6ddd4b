package dev.fairlead.core.audit;

import dev.fairlead.api.audit.AuditEvent;
import dev.fairlead.api.audit.AuditLog;
import dev.fairlead.api.audit.AuditPage;
import dev.fairlead.api.audit.AuditQuery;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Looks events up in the files of a {@link JsonLinesAuditSink}, which may go on writing, in this
 * process or another. It reads the files backwards as far as it has to, and at most about 64 MiB
 * for one page: where little is found in much, pages are short or empty, and their tokens lead on.
 * It does not verify the chain.
 *
 * <p>A query with {@link AuditQuery#since} ends at the first event that is more than a day older,
 * as events of one time stand in one place unless the clock jumped.
 */
public final class JsonLinesAuditLog implements AuditLog {

  private static final long MOST_BYTES = 64L * 1024 * 1024;
  private static final Duration DISORDER = Duration.ofDays(1);

  private final AuditFiles files;
  private final long mostBytes;

  JsonLinesAuditLog(Path file, long mostBytes) {
    this.files = new AuditFiles(file);
    this.mostBytes = mostBytes;
  }

  /**
   * A log. Nothing is opened before it is asked.
   *
   * @param file the file that the sink writes; those that it was before lie beside it
   * @return the log, which keeps nothing open
   */
  public static JsonLinesAuditLog of(Path file) {
    return new JsonLinesAuditLog(file, MOST_BYTES);
  }

  @Override
  public AuditPage find(AuditQuery query) {
    Objects.requireNonNull(query, "query");
    try {
      return new Search(query).page();
    } catch (IOException e) {
      throw new UncheckedIOException("the audit log cannot be read", e);
    }
  }

  /** One page in the making. */
  private final class Search {

    private final AuditQuery query;
    private final @Nullable PageToken from;
    private final @Nullable Instant oldest;
    private final List<AuditEvent> found = new ArrayList<>();
    private long bytes;
    private boolean isTooOld;
    private long firstOfAll;

    Search(AuditQuery query) {
      this.query = query;
      this.from = PageToken.parse(query.continueToken());
      Instant since = query.since();
      this.oldest = since == null ? null : since.minus(DISORDER);
    }

    AuditPage page() throws IOException {
      NavigableMap<Long, Path> rest = byFirstRecord();
      if (from != null) {
        rest = rest.headMap(from.file(), true);
      }
      for (Map.Entry<Long, Path> file : rest.descendingMap().entrySet()) {
        PageToken stop = read(file.getKey(), file.getValue());
        if (stop != null) {
          return new AuditPage(found, stop.offset() == 0 && isFirst(stop) ? null : stop.text());
        }
        if (isTooOld) {
          break;
        }
      }
      return new AuditPage(found, null);
    }

    private boolean isFirst(PageToken stop) {
      return stop.file() == firstOfAll;
    }

    private NavigableMap<Long, Path> byFirstRecord() throws IOException {
      TreeMap<Long, Path> all = files.rotated();
      Long current = firstRecord(files.current());
      if (current != null) {
        all.put(current, files.current());
      }
      firstOfAll = all.isEmpty() ? 0 : all.firstKey();
      return all;
    }

    private @Nullable PageToken read(long name, Path file) throws IOException {
      long end = Files.size(file);
      if (from != null && from.file() == name) {
        requireLineStart(file, from.offset(), end);
        end = from.offset();
      }
      try (BackwardReader lines = new BackwardReader(file, end)) {
        for (byte[] line = lines.next(); line != null; line = lines.next()) {
          bytes += line.length;
          AuditEvent event = EventReader.read(line);
          if (event != null && oldest != null && event.at().isBefore(oldest)) {
            isTooOld = true;
            return null;
          }
          if (event != null && query.matches(event)) {
            found.add(event);
          }
          if (found.size() == query.limit() || bytes >= mostBytes) {
            return new PageToken(name, lines.offset());
          }
        }
      }
      return null;
    }
  }

  private static void requireLineStart(Path file, long offset, long length) throws IOException {
    if (offset > length) {
      throw PageToken.refused();
    }
    if (offset > 0) {
      try (BackwardReader before = new BackwardReader(file, offset)) {
        byte[] line = before.next();
        if (line == null || line[line.length - 1] != '\n') {
          throw PageToken.refused();
        }
      }
    }
  }

  private static @Nullable Long firstRecord(Path file) throws IOException {
    if (!Files.exists(file)) {
      return null;
    }
    try (LineReader lines = new LineReader(List.of(file))) {
      for (LineReader.Line line = lines.next(); line != null; line = lines.next()) {
        ChainedLine parsed = line.isWhole() ? ChainedLine.parse(line.bytes()) : null;
        if (parsed != null) {
          return parsed.sequence();
        }
      }
    }
    return null;
  }
}
