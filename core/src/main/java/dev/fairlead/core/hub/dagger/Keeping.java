package dev.fairlead.core.hub.dagger;

import dev.fairlead.core.hub.HubBuilder;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a hub keeps its certificate authority, and its stores unless they are bound. It has to be
 * bound, so that no hub forgets its authority for want of a line of code.
 */
public final class Keeping {

  private final @Nullable Path directory;

  private Keeping(@Nullable Path directory) {
    this.directory = directory;
  }

  /**
   * As {@link HubBuilder#keepIn}.
   *
   * @param directory of mode 0700, or absent: then it is made
   * @return where to keep
   */
  public static Keeping in(Path directory) {
    return new Keeping(Objects.requireNonNull(directory, "directory"));
  }

  /**
   * As {@link HubBuilder#keepInMemory}.
   *
   * @return where to keep
   */
  public static Keeping inMemory() {
    return new Keeping(null);
  }

  void configure(HubBuilder builder) {
    if (directory == null) {
      builder.keepInMemory();
    } else {
      builder.keepIn(directory);
    }
  }

  @Override
  public String toString() {
    return "Keeping[" + (directory == null ? "in memory" : directory) + "]";
  }
}
