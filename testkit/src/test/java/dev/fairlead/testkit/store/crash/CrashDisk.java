package dev.fairlead.testkit.store.crash;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A part of the real disk that counts the steps by which it is changed (opening for writing, each
 * write, force, move and removal) and dies at one of them: from then on nothing works, no matter
 * who tries to clean up. What is left can be looked at on the real disk.
 */
public final class CrashDisk extends FileSystemProvider {

  /** When within a step it dies. */
  public enum Moment {
    BEFORE,
    /** A write has written half, everything else nothing. */
    HALFWAY,
    AFTER
  }

  /** What is lost. */
  public enum Loss {
    /** The process dies; the system keeps what it was given. */
    PROCESS,
    /** The power fails: any part of what was not forced to disk is lost, moves among it. */
    POWER
  }

  /** Something that may fail. */
  interface Action {
    void run() throws IOException;
  }

  private record Move(Path source, Path target, byte @Nullable [] former) {}

  private final CrashFileSystem system = new CrashFileSystem(this);
  private final Path root;
  private final SplittableRandom random;
  private final Set<Path> unforced = new HashSet<>();
  private final Deque<Move> unforcedMoves = new ArrayDeque<>();
  private final List<FileChannel> open = new ArrayList<>();
  private Moment moment = Moment.BEFORE;
  private Loss loss = Loss.PROCESS;
  private int lastStep = Integer.MAX_VALUE;
  private int steps;
  private boolean dead;

  private CrashDisk(Path root, long seed) {
    this.root = root;
    this.random = new SplittableRandom(seed);
  }

  /** A disk whose files are really in that directory, which is made. */
  public static CrashDisk under(Path directory, long seed) throws IOException {
    Files.createDirectories(directory);
    return new CrashDisk(directory, seed);
  }

  /** The directory, on this disk. */
  public Path root() {
    return new CrashPath(system, root);
  }

  public void crashAt(int step, Moment within, Loss lost) {
    lastStep = step;
    moment = within;
    loss = lost;
  }

  public int steps() {
    return steps;
  }

  public boolean isDead() {
    return dead;
  }

  void requireAlive() throws IOException {
    if (dead) {
      throw new IOException("the disk is dead");
    }
  }

  void step(Action whole, Action half) throws IOException {
    requireAlive();
    if (++steps != lastStep) {
      whole.run();
      return;
    }
    if (moment != Moment.BEFORE) {
      (moment == Moment.AFTER ? whole : half).run();
    }
    dead = true;
    for (FileChannel channel : open) {
      channel.close();
    }
    if (loss == Loss.POWER) {
      loseWhatWasNotForced();
    }
    requireAlive();
  }

  private void loseWhatWasNotForced() throws IOException {
    for (Path path : unforced) {
      if (Files.exists(path)) {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
          channel.truncate(random.nextLong(channel.size() + 1));
        }
      }
    }
    for (int lost = random.nextInt(unforcedMoves.size() + 1); lost > 0; lost--) {
      Move move = unforcedMoves.removeLast();
      Files.move(move.target(), move.source());
      if (move.former() != null) {
        Files.write(move.target(), move.former());
      }
    }
  }

  void unforced(Path path) {
    unforced.add(path);
  }

  void forced(Path path) {
    unforced.remove(path);
    unforcedMoves.removeIf(move -> path.equals(move.target().getParent()));
  }

  void closed(FileChannel channel) {
    if (!dead) {
      open.remove(channel);
    }
  }

  private static Path real(Path path) {
    return CrashPath.real(path);
  }

  @Override
  public FileChannel newFileChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    requireAlive();
    FileChannel[] opened = new FileChannel[1];
    Action opening =
        () -> {
          opened[0] = FileChannel.open(real(path), options, attributes);
          open.add(opened[0]);
        };
    if (options.contains(StandardOpenOption.WRITE)) {
      step(opening, () -> {});
    } else {
      opening.run();
    }
    // A path of this directory alone may be empty: what is forced is known by its real name.
    return new CrashChannel(this, real(path).toAbsolutePath().normalize(), opened[0]);
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return newFileChannel(path, options, attributes);
  }

  @Override
  public void move(Path source, Path target, CopyOption... options) throws IOException {
    Path from = real(source);
    Path to = real(target);
    step(
        () -> {
          byte[] former = Files.exists(to) ? Files.readAllBytes(to) : null;
          Files.move(from, to, options);
          if (unforced.remove(from)) {
            unforced.add(to);
          }
          unforcedMoves.addLast(new Move(from, to, former));
        },
        () -> {});
  }

  @Override
  public void delete(Path path) throws IOException {
    requireAlive();
    Path there = real(path);
    if (!Files.exists(there, LinkOption.NOFOLLOW_LINKS)) {
      Files.delete(there);
    }
    step(
        () -> {
          Files.delete(there);
          unforced.remove(there);
        },
        () -> {});
  }

  @Override
  public void createDirectory(Path path, FileAttribute<?>... attributes) throws IOException {
    requireAlive();
    Files.createDirectory(real(path), attributes);
  }

  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    requireAlive();
    real(path).getFileSystem().provider().checkAccess(real(path), modes);
  }

  @Override
  public <V extends FileAttributeView> @Nullable V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    return Files.getFileAttributeView(real(path), type, options);
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    requireAlive();
    return Files.readAttributes(real(path), type, options);
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options)
      throws IOException {
    requireAlive();
    return Files.readAttributes(real(path), attributes, options);
  }

  @Override
  public String getScheme() {
    return "crash";
  }

  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Path getPath(URI uri) {
    throw new UnsupportedOperationException();
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path directory, DirectoryStream.Filter<? super Path> filter) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void copy(Path source, Path target, CopyOption... options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean isSameFile(Path one, Path other) {
    return one.equals(other);
  }

  @Override
  public boolean isHidden(Path path) {
    return false;
  }

  @Override
  public FileStore getFileStore(Path path) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void setAttribute(Path path, String attribute, Object value, LinkOption... options) {
    throw new UnsupportedOperationException();
  }
}
