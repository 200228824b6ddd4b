package dev.fairlead.core.audit;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The lines of a file from some place backwards. Used by one thread. */
final class BackwardReader implements Closeable {

  private static final int BLOCK = 64 * 1024;

  private final FileChannel channel;
  private byte[] held = new byte[0];

  /** Where the bytes that are held begin. */
  private long start;

  /**
   * Opens a file.
   *
   * @param end before which byte to begin; the file's length for all of it
   */
  BackwardReader(Path file, long end) throws IOException {
    this.channel = FileChannel.open(file, StandardOpenOption.READ);
    this.start = end;
  }

  /** Where the line begins that was read last. */
  long offset() {
    return start + held.length;
  }

  /** The line before, with its end if it has one; null at the file's beginning. */
  byte @Nullable [] next() throws IOException {
    int from = held.length - 1;
    while (true) {
      int at = lineStart(Math.min(from, held.length - 1));
      if (at > 0 || start == 0) {
        if (held.length == 0) {
          return null;
        }
        byte[] line = Arrays.copyOfRange(held, at, held.length);
        held = Arrays.copyOf(held, at);
        return line;
      }
      int more = (int) Math.min(BLOCK, start);
      if (held.length > LineReader.LONGEST) {
        // No record is that long: its beginning alone is as good as all of it.
        held = new byte[0];
      }
      byte[] joined = Arrays.copyOf(block(more), more + held.length);
      System.arraycopy(held, 0, joined, more, held.length);
      held = joined;
      from = held.length - 1;
    }
  }

  /** Where the last line begins: behind a line's end that is not its own. */
  private int lineStart(int last) {
    int at = last;
    while (at > 0 && held[at - 1] != '\n') {
      at--;
    }
    return Math.max(at, 0);
  }

  private byte[] block(int bytes) throws IOException {
    ByteBuffer block = ByteBuffer.allocate(bytes);
    long from = start - bytes;
    while (block.hasRemaining()) {
      if (channel.read(block, from + block.position()) < 0) {
        throw new EOFException("the file was cut while it was read");
      }
    }
    start = from;
    return block.array();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
