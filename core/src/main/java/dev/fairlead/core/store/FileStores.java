package dev.fairlead.core.store;

import dev.fairlead.api.store.Stores;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Stores in a directory: one JSON file for each, written as a whole with every change.
 *
 * <p>A change is safe on disk before the call that makes it returns: it is written to another file,
 * forced to disk, moved over the former one, and the directory is forced to disk. A process that is
 * killed at any moment leaves either the state before the change or the one after it. Reads are
 * answered from memory and never wait. One hub at a time may use a directory.
 *
 * <p>Opening fails, and changes nothing, when a file is missing that was there before, cannot be
 * read, is of another version or does not make sense. It is for one hub with up to some thousands
 * of agents and tokens; each change costs as much as writing the file.
 */
public final class FileStores {

  private FileStores() {}

  /**
   * Stores in a directory. Nothing is read or written before they are opened, which fails with an
   * {@link dev.fairlead.api.InvalidException} if the directory is open to others than its owner
   * (mode wider than 0700), is used by another hub, or holds something that cannot be used.
   *
   * @param directory where they are; made with mode 0700 if it does not exist. It belongs to the
   *     stores alone.
   * @return stores that are not open yet; safe for use by any thread. A change that cannot be
   *     written throws {@link java.io.UncheckedIOException}, and one for which there is no room
   *     (100,000 rows or 64 MiB per file) {@link dev.fairlead.api.LimitException}; neither changes
   *     anything that readers of this object see
   */
  public static Stores in(Path directory) {
    return new TableStores(new Directory(Objects.requireNonNull(directory, "directory")));
  }
}
