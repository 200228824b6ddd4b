package dev.fairlead.testkit.transport;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * What this process holds: threads, open files with sockets among them (where the system tells),
 * and bytes on the heap and in direct buffers.
 */
record Footprint(int threads, long files, long bytes) {

  /** What may come and go by itself: idle threads, files of the JVM, caches. */
  private static final int THREADS = 12;

  private static final long FILES = 24;
  private static final long BYTES = 6L << 20;

  /** What a closed pipe may cost: less than the smallest buffer. */
  private static final long BYTES_PER_PIPE = 2048;

  static Footprint now() {
    System.gc();
    long bytes = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
      bytes += pool.getMemoryUsed();
    }
    return new Footprint(ManagementFactory.getThreadMXBean().getThreadCount(), openFiles(), bytes);
  }

  private static long openFiles() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? unix.getOpenFileDescriptorCount()
        : 0;
  }

  /** Waits until no more is held than at this moment, give or take what comes and goes. */
  void awaitNoGrowth(int pipes, Supplier<Duration> patience) {
    Deadline deadline = new Deadline(patience);
    Footprint now = now();
    while (now.threads > threads + THREADS
        || now.files > files + FILES
        || now.bytes > bytes + BYTES + pipes * BYTES_PER_PIPE) {
      if (deadline.hasPassed()) {
        throw new AssertionError(
            "after " + pipes + " pipes more: " + now + " (expected: about " + this + ")");
      }
      Thread.onSpinWait();
      now = now();
    }
  }
}
