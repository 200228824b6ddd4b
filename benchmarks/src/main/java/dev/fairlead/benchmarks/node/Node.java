package dev.fairlead.benchmarks.node;

import com.sun.management.ThreadMXBean;
import dev.fairlead.core.pipe.Sockets;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * A program under measurement. Its arguments are a role and {@code key=value} pairs. It prints one
 * line when it is ready, then answers each line it is sent with one, and ends when there are no
 * more.
 */
public final class Node {

  /** What a role does beyond what each node can tell about itself. */
  interface Role extends AutoCloseable {

    /** What others have to know, as {@code key=value} pairs. */
    String ready();

    /** Answers a command of the role's own. */
    String command(String name, String argument) throws Exception;

    @Override
    void close();
  }

  private Node() {}

  /**
   * Runs a node.
   *
   * @param args a role and its options
   */
  public static void main(String[] args) throws Exception {
    Map<String, String> options = new HashMap<>();
    for (String pair : Arrays.copyOfRange(args, 1, args.length)) {
      int equals = pair.indexOf('=');
      options.put(pair.substring(0, equals), pair.substring(equals + 1));
    }
    try (Role role = role(args[0], new NodeOptions(options))) {
      System.out.println("ready " + role.ready());
      serve(role);
    }
    System.exit(0);
  }

  private static Role role(String name, NodeOptions options) throws Exception {
    return switch (name) {
      case "hub" -> new HubRole(options);
      case "agent" -> new AgentRole(options);
      case "fleet" -> new FleetRole(options);
      case "both" -> new BothRole(options);
      default -> throw new IllegalArgumentException("role: " + name);
    };
  }

  /** As the hub and the agent make theirs. */
  static EventLoopGroup loops(int count) {
    return Sockets.best().loops(count, new DefaultThreadFactory("node", true));
  }

  private static void serve(Role role) throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line; (line = in.readLine()) != null; ) {
      int space = line.indexOf(' ');
      String name = space < 0 ? line : line.substring(0, space);
      String argument = space < 0 ? "" : line.substring(space + 1);
      System.out.println(answer(role, name, argument));
    }
  }

  private static String answer(Role role, String name, String argument) {
    try {
      return switch (name) {
        case "stats" -> stats();
        case "collect" -> {
          System.gc();
          System.gc();
          yield stats();
        }
        default -> role.command(name, argument);
      };
    } catch (Exception e) {
      return "failed " + e;
    }
  }

  private static String stats() {
    long direct =
        ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .mapToLong(BufferPoolMXBean::getMemoryUsed)
            .sum();
    // What a Netty takes past the JDK it counts by itself; gRPC's jar has one of its own.
    long netty =
        Math.max(0, io.netty.util.internal.PlatformDependent.usedDirectMemory())
            + Math.max(
                0,
                io.grpc.netty.shaded.io.netty.util.internal.PlatformDependent.usedDirectMemory());
    return "stats allocated="
        + allocated()
        + " heap="
        + ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed()
        + " direct="
        + (direct + netty);
  }

  /** By all threads that live; those that work in a node live as long as it. */
  private static long allocated() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long sum = 0;
    for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
      sum += Math.max(0, bytes);
    }
    return sum;
  }
}
