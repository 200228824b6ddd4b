package dev.fairlead.e2e.faults;

import com.sun.management.UnixOperatingSystemMXBean;
import io.netty.buffer.PooledByteBufAllocator;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;

/**
 * What this process holds.
 *
 * @param threads live threads
 * @param files open files, sockets among them
 * @param heap bytes on the heap after a collection
 * @param direct bytes outside of the heap
 * @param timers tasks that wait for their moment
 * @param exchanges exchanges that are open
 */
record Holdings(int threads, long files, long heap, long direct, int timers, int exchanges) {

  /** What may come and go by itself: idle threads, files of the JVM, caches. */
  private static final int SOME_THREADS = 6;

  private static final int SOME_FILES = 10;
  private static final long SOME_BYTES = 6L << 20;

  static Holdings now(int timers, int exchanges) {
    System.gc();
    long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    long direct = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
    for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
      direct += pool.getMemoryUsed();
    }
    long files =
        ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
            ? unix.getOpenFileDescriptorCount()
            : 0;
    int threads = ManagementFactory.getThreadMXBean().getThreadCount();
    return new Holdings(threads, files, heap, direct, timers, exchanges);
  }

  /** Whether it is no more than before, give or take what comes and goes by itself. */
  boolean isNoMoreThan(Holdings before) {
    return threads <= before.threads + SOME_THREADS
        && files <= before.files + SOME_FILES
        && heap <= before.heap + SOME_BYTES
        && direct <= before.direct + SOME_BYTES
        && timers <= before.timers
        && exchanges <= before.exchanges;
  }
}
