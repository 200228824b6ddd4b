package dev.fairlead.core.audit;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The lines of some files, one after the other. Used by one thread. */
final class LineReader implements Closeable {

  /** No record is longer; what is longer in a file comes in pieces, which are no records. */
  static final int LONGEST = 1024 * 1024;

  /** Where a line begins: the file's place in the list, the byte in it, and the line's number. */
  record Place(int file, long offset, long number) {}

  /** A line with its end, or, where that is missing, whatever there is. */
  static final class Line {

    private final byte[] bytes;
    private final Place place;

    private Line(byte[] bytes, Place place) {
      this.bytes = bytes;
      this.place = place;
    }

    byte[] bytes() {
      return bytes;
    }

    Place place() {
      return place;
    }

    /** Whether it has its end. */
    boolean isWhole() {
      return bytes[bytes.length - 1] == '\n';
    }

    Place end() {
      return new Place(place.file, place.offset + bytes.length, place.number + 1);
    }
  }

  private final List<Path> files;
  private final byte[] block = new byte[64 * 1024];
  private Place place;
  private @Nullable InputStream in;
  private int at;
  private int filled;

  LineReader(List<Path> files, Place from) {
    this.files = List.copyOf(files);
    this.place = from;
  }

  LineReader(List<Path> files) {
    this(files, new Place(0, 0, 1));
  }

  /** The next line, or null at the end of the last file. */
  @Nullable Line next() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
    while (place.file < files.size()) {
      while (fill()) {
        int end = at;
        int most = Math.min(filled, at + LONGEST - line.size());
        while (end < most && block[end] != '\n') {
          end++;
        }
        boolean ends = end < most;
        line.write(block, at, (ends ? end + 1 : end) - at);
        at = ends ? end + 1 : end;
        if (ends || line.size() >= LONGEST) {
          return line(line);
        }
      }
      if (line.size() > 0) {
        return line(line);
      }
      close();
      place = new Place(place.file + 1, 0, 1);
    }
    return null;
  }

  private Line line(ByteArrayOutputStream bytes) {
    Line line = new Line(bytes.toByteArray(), place);
    place = line.end();
    return line;
  }

  private boolean fill() throws IOException {
    if (at < filled) {
      return true;
    }
    InputStream open = in;
    if (open == null) {
      FileChannel channel = FileChannel.open(files.get(place.file), StandardOpenOption.READ);
      channel.position(place.offset);
      open = Channels.newInputStream(channel);
      in = open;
    }
    at = 0;
    filled = Math.max(0, open.read(block));
    return filled > 0;
  }

  @Override
  public void close() throws IOException {
    InputStream open = in;
    in = null;
    at = 0;
    filled = 0;
    if (open != null) {
      open.close();
    }
  }
}
