package dev.fairlead.e2e.faults;

import dev.fairlead.api.InstallToken;
import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.Enrolment;
import dev.fairlead.api.transport.Pipe;
import dev.fairlead.api.transport.TlsMaterial;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the pipes that were dialled and are not closed, of many transports together. */
final class DialCounts {

  private final AtomicInteger open = new AtomicInteger();

  int open() {
    return open.get();
  }

  /** Begins anew. */
  void forget() {
    open.set(0);
  }

  AgentTransport wrap(AgentTransport transport) {
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
              listener.onData(data);
            }

            @Override
            public void onEnd() {
              listener.onEnd();
            }

            @Override
            public void onClosed(Throwable cause) {
              listener.onClosed(cause);
              open.decrementAndGet();
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
      pipe.write(data);
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
