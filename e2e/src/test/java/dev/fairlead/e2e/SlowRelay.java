package dev.fairlead.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A long line: what goes in comes out so much later, in both directions; and it can be cut. */
final class SlowRelay implements AutoCloseable {

  private static final int CHUNK = 16 << 10;
  private static final int MOST_CHUNKS = 256;
  private static final byte[] END = new byte[0];

  private record Chunk(byte[] bytes, long due) {}

  private final ServerSocket listener;
  private final InetSocketAddress target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "soak-relay");
            thread.setDaemon(true);
            return thread;
          });
  private final AtomicInteger accepted = new AtomicInteger();
  private volatile long delayNanos;

  SlowRelay(String host, int port) {
    target = new InetSocketAddress(host, port);
    try {
      listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.execute(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  void delay(long millis) {
    delayNanos = TimeUnit.MILLISECONDS.toNanos(millis);
  }

  /** Ends what is connected now. */
  void cut() {
    open.forEach(SlowRelay::close);
  }

  int connections() {
    return open.size() / 2;
  }

  /** How many connections there were so far. */
  int accepted() {
    return accepted.get();
  }

  private void accept() {
    try {
      while (true) {
        Socket near = listener.accept();
        accepted.incrementAndGet();
        threads.execute(() -> connect(near));
      }
    } catch (IOException | RejectedExecutionException closed) {
      cut();
    }
  }

  private void connect(Socket near) {
    Socket far = new Socket();
    open.add(near);
    open.add(far);
    try {
      far.connect(target, 3_000);
      near.setTcpNoDelay(true);
      far.setTcpNoDelay(true);
      pass(near, far);
      pass(far, near);
    } catch (IOException | RejectedExecutionException gone) {
      end(near, far);
    }
  }

  private void pass(Socket from, Socket to) {
    BlockingQueue<Chunk> line = new ArrayBlockingQueue<>(MOST_CHUNKS);
    threads.execute(
        () -> {
          try {
            read(from, line);
          } catch (IOException | InterruptedException gone) {
            end(from, to);
          }
        });
    threads.execute(
        () -> {
          try {
            write(line, to);
          } catch (IOException | InterruptedException gone) {
            // So it ends as it does at the end of what is read.
          } finally {
            end(from, to);
          }
        });
  }

  private void read(Socket from, BlockingQueue<Chunk> line)
      throws IOException, InterruptedException {
    InputStream in = from.getInputStream();
    byte[] buffer = new byte[CHUNK];
    try {
      for (int read; (read = in.read(buffer)) >= 0; ) {
        line.put(new Chunk(Arrays.copyOf(buffer, read), System.nanoTime() + delayNanos));
      }
    } finally {
      line.offer(new Chunk(END, 0), 1, TimeUnit.MINUTES);
    }
  }

  private void write(BlockingQueue<Chunk> line, Socket to)
      throws IOException, InterruptedException {
    OutputStream out = to.getOutputStream();
    for (Chunk next; (next = line.take()).bytes() != END; ) {
      TimeUnit.NANOSECONDS.sleep(next.due() - System.nanoTime());
      out.write(next.bytes());
    }
    to.shutdownOutput();
  }

  private void end(Socket one, Socket other) {
    close(one);
    close(other);
    open.remove(one);
    open.remove(other);
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cut();
    threads.shutdownNow();
  }
}
