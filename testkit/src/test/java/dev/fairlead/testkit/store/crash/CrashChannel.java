package dev.fairlead.testkit.store.crash;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A channel each of whose writes may be the last thing that happens. */
final class CrashChannel extends FileChannel {

  private final CrashDisk disk;
  private final Path path;
  private final FileChannel real;

  CrashChannel(CrashDisk disk, Path path, FileChannel real) {
    this.disk = disk;
    this.path = path;
    this.real = real;
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    int before = source.remaining();
    disk.step(
        () -> {
          disk.unforced(path);
          real.write(source);
        },
        () -> {
          disk.unforced(path);
          real.write(source.slice(source.position(), source.remaining() / 2));
        });
    return before - source.remaining();
  }

  @Override
  public void force(boolean metadata) throws IOException {
    // What this JVM writes it reads again: the real disk does not have to be waited for.
    disk.step(() -> disk.forced(path), () -> {});
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    disk.requireAlive();
    return real.read(target);
  }

  @Override
  public long position() throws IOException {
    disk.requireAlive();
    return real.position();
  }

  @Override
  public FileChannel position(long position) throws IOException {
    disk.requireAlive();
    real.position(position);
    return this;
  }

  @Override
  public long size() throws IOException {
    disk.requireAlive();
    return real.size();
  }

  @Override
  public FileChannel truncate(long size) throws IOException {
    disk.step(
        () -> {
          disk.unforced(path);
          real.truncate(size);
        },
        () -> {});
    return this;
  }

  @Override
  public @Nullable FileLock tryLock(long position, long size, boolean shared) throws IOException {
    disk.requireAlive();
    return real.tryLock(position, size, shared);
  }

  @Override
  protected void implCloseChannel() throws IOException {
    disk.closed(real);
    real.close();
  }

  @Override
  public long read(ByteBuffer[] targets, int offset, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long transferTo(long position, long count, WritableByteChannel target) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long position, long count) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int read(ByteBuffer target, long position) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int write(ByteBuffer source, long position) {
    throw new UnsupportedOperationException();
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long position, long size) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileLock lock(long position, long size, boolean shared) {
    throw new UnsupportedOperationException();
  }
}
