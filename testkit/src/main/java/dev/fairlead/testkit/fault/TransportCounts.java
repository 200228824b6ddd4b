package dev.fairlead.testkit.fault;

import dev.fairlead.api.InstallToken;
import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.Enrolment;
import dev.fairlead.api.transport.Pipe;
import dev.fairlead.api.transport.TlsMaterial;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Counts what agents dial over transports, and what passes: of one transport, or of many together.
 * Safe for use by any thread; what it wraps keeps its own rules of threads.
 */
public final class TransportCounts {

  private final AtomicInteger open = new AtomicInteger();
  private final LongAdder sent = new LongAdder();
  private final LongAdder received = new LongAdder();

  /** Begins with nothing counted. */
  public TransportCounts() {}

  /**
   * How many pipes were dialled and are not closed.
   *
   * @return their number
   */
  public int open() {
    return open.get();
  }

  /**
   * How much the agents sent.
   *
   * @return bytes that pipes took
   */
  public long sent() {
    return sent.sum();
  }

  /**
   * How much the agents received.
   *
   * @return bytes that pipes delivered
   */
  public long received() {
    return received.sum();
  }

  /**
   * Counts from now on.
   *
   * @param transport where the pipes come from
   * @return a transport that does what the other does, and closes it
   */
  public AgentTransport on(AgentTransport transport) {
    return new AgentTransport() {
      @Override
      public Enrolment enrol(TlsMaterial tls, InstallToken token, byte[] csr) {
        return transport.enrol(tls, token, csr);
      }

      @Override
      public Enrolment renew(TlsMaterial tls, byte[] csr) {
        return transport.renew(tls, csr);
      }

      @Override
      public Pipe dial(TlsMaterial tls) {
        Pipe pipe = transport.dial(tls);
        open.incrementAndGet();
        return new Counted(pipe);
      }

      @Override
      public void close() {
        transport.close();
      }
    };
  }

  private final class Counted implements Pipe {

    private final Pipe pipe;

    Counted(Pipe pipe) {
      this.pipe = pipe;
    }

    @Override
    public void start(Listener listener) {
      pipe.start(
          new Listener() {
            @Override
            public void onReady() {
              listener.onReady();
            }

            @Override
            public void onData(ByteBuffer data) {
              received.add(data.remaining());
              listener.onData(data);
            }

            @Override
            public void onEnd() {
              listener.onEnd();
            }

            @Override
            public void onClosed(@Nullable Throwable cause) {
              try {
                listener.onClosed(cause);
              } finally {
                open.decrementAndGet();
              }
            }
          });
    }

    @Override
    public void request(int chunks) {
      pipe.request(chunks);
    }

    @Override
    public boolean isReady() {
      return pipe.isReady();
    }

    @Override
    public void write(ByteBuffer... data) {
      long bytes = 0;
      for (ByteBuffer part : data) {
        bytes += part.remaining();
      }
      pipe.write(data);
      sent.add(bytes);
    }

    @Override
    public void end() {
      pipe.end();
    }

    @Override
    public void abort(Throwable cause) {
      pipe.abort(cause);
    }
  }
}
