package dev.fairlead.examples;

import dev.fairlead.api.InstallToken;
import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.Enrolment;
import dev.fairlead.api.transport.Pipe;
import dev.fairlead.api.transport.TlsMaterial;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** An embedder's own transport: another one, and how many bytes its agents sent and received. */
final class CountedTransport implements AgentTransport {

  private final AgentTransport transport;
  private final LongAdder sent = new LongAdder();
  private final LongAdder received = new LongAdder();

  CountedTransport(AgentTransport transport) {
    this.transport = transport;
  }

  long sent() {
    return sent.sum();
  }

  long received() {
    return received.sum();
  }

  @Override
  public Pipe dial(TlsMaterial tls) {
    return new CountedPipe(transport.dial(tls));
  }

  @Override
  public Enrolment enrol(TlsMaterial tls, InstallToken token, byte[] csr) {
    return transport.enrol(tls, token, csr);
  }

  @Override
  public Enrolment renew(TlsMaterial tls, byte[] csr) {
    return transport.renew(tls, csr);
  }

  @Override
  public void close() {
    transport.close();
  }

  private final class CountedPipe implements Pipe {
    private final Pipe pipe;

    CountedPipe(Pipe pipe) {
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
              listener.onClosed(cause);
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
