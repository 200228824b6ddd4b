package dev.fairlead.benchmarks.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a process has used, as the kernel and the process itself count it.
 *
 * @param cpuSeconds of all its threads, user and system
 * @param rss resident memory in bytes
 * @param allocated bytes that its threads have allocated on the heap
 * @param live bytes in use, on the heap and off it
 */
public record ProcessUse(double cpuSeconds, long rss, long allocated, long live) {

  private static final double TICKS_PER_SECOND = 100;
  private static final int USER_TICKS = 11;
  private static final int SYSTEM_TICKS = 12;

  static double cpuSeconds(long pid) {
    String stat = read(Path.of("/proc", Long.toString(pid), "stat"));
    // The name may hold anything, so count from its closing parenthesis.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS]))
        / TICKS_PER_SECOND;
  }

  static long rss(long pid) {
    for (String line : List.of(read(Path.of("/proc", Long.toString(pid), "status")).split("\n"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
      }
    }
    throw new LabException("process " + pid + " has no VmRSS (expected: it is alive)");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new LabException(file + ": " + e.getMessage() + " (expected: Linux's /proc)", e);
    }
  }
}
