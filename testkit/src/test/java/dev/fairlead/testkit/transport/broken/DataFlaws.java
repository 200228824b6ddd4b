package dev.fairlead.testkit.transport.broken;

import dev.fairlead.api.transport.Pipe;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;

/** Bytes that are lost, doubled, changed, out of order or somewhere else. */
final class DataFlaws {

  private DataFlaws() {}

  private static ByteBuffer copy(ByteBuffer... data) {
    ByteBuffer all = ByteBuffer.allocate(remaining(data));
    for (ByteBuffer part : data) {
      all.put(part);
    }
    return all.flip();
  }

  private static int remaining(ByteBuffer... data) {
    int bytes = 0;
    for (ByteBuffer part : data) {
      bytes += part.remaining();
    }
    return bytes;
  }

  static class SwapsBytes extends FaithfulPipe {
    SwapsBytes(Pipe inside, Flaw flaw) {
      super(inside, flaw);
    }

    @Override
    public void onData(ByteBuffer data) {
      int last = data.limit() - 1;
      byte first = data.get(data.position());
      data.put(data.position(), data.get(last));
      data.put(last, first);
      flaw.strike();
      super.onData(data);
    }
  }

  static class ChangesABit extends FaithfulPipe {
    ChangesABit(Pipe inside, Flaw flaw) {
      super(inside, flaw);
    }

    @Override
    public void onData(ByteBuffer data) {
      data.put(data.position(), (byte) (data.get(data.position()) ^ 1));
      flaw.strike();
      super.onData(data);
    }
  }

  static class DropsSmallChunks extends FaithfulPipe {
    DropsSmallChunks(Pipe inside, Flaw flaw) {
      super(inside, flaw);
    }

    @Override
    public void onData(ByteBuffer data) {
      if (data.remaining() == 1) {
        flaw.strike();
        inside.request(1);
      } else {
        super.onData(data);
      }
    }
  }

  static class DropsTheFirstWrite extends FaithfulPipe {
    private boolean dropped;

    DropsTheFirstWrite(Pipe inside, Flaw flaw) {
      super(inside, flaw);
    }

    @Override
    public void write(ByteBuffer... data) {
      if (dropped) {
        super.write(data);
      } else {
        dropped = true;
        flaw.strike();
        copy(data);
      }
    }
  }

  /** Holds the latest write back, and forgets it at the end. */
  static class DropsTheLastWrite extends FaithfulPipe {
    private ByteBuffer held;

    DropsTheLastWrite(Pipe inside, Flaw flaw) {
      super(inside, flaw);
    }

    @Override
    public void write(ByteBuffer... data) {
      if (held != null) {
        super.write(held);
      }
      held = copy(data);
    }

    @Override
    public void end() {
      if (held != null) {
        flaw.strike();
      }
      super.end();
    }
  }

  static class DropsWritesBeyondReadiness extends FaithfulPipe {
    DropsWritesBeyondReadiness(Pipe inside, Flaw flaw) {
      super(inside, flaw);
    }

    @Override
    public void write(ByteBuffer... data) {
      if (isReady()) {
        super.write(data);
      } else {
        flaw.strike();
        copy(data);
      }
    }
  }

  static class CutsTheLargestChunks extends FaithfulPipe {
    CutsTheLargestChunks(Pipe inside, Flaw flaw) {
      super(inside, flaw);
    }

    @Override
    public void write(ByteBuffer... data) {
      ByteBuffer all = copy(data);
      if (all.remaining() == MAX_CHUNK) {
        flaw.strike();
        all.limit(all.limit() - 1);
      }
      super.write(all);
    }
  }

  static class SplitsWritesThatAreTooLarge extends FaithfulPipe {
    SplitsWritesThatAreTooLarge(Pipe inside, Flaw flaw) {
      super(inside, flaw);
    }

    @Override
    public void write(ByteBuffer... data) {
      if (remaining(data) <= MAX_CHUNK) {
        super.write(data);
        return;
      }
      flaw.strike();
      for (ByteBuffer part : data) {
        super.write(part);
      }
    }
  }

  static class SendsEmptyWrites extends FaithfulPipe {
    SendsEmptyWrites(Pipe inside, Flaw flaw) {
      super(inside, flaw);
    }

    @Override
    public void write(ByteBuffer... data) {
      if (remaining(data) > 0) {
        super.write(data);
      } else {
        flaw.strike();
        super.write(ByteBuffer.allocate(1));
      }
    }
  }

  static class ReversesBuffers extends FaithfulPipe {
    ReversesBuffers(Pipe inside, Flaw flaw) {
      super(inside, flaw);
    }

    @Override
    public void write(ByteBuffer... data) {
      if (data.length > 1) {
        flaw.strike();
      }
      for (int i = data.length - 1; i >= 0; i--) {
        super.write(data[i]);
      }
    }
  }

  /** Takes the caller's buffers, and sends what they hold when the next write comes. */
  static class KeepsTheCallersBuffers extends FaithfulPipe {
    private ByteBuffer[] kept = {};

    KeepsTheCallersBuffers(Pipe inside, Flaw flaw) {
      super(inside, flaw);
    }

    @Override
    public void write(ByteBuffer... data) {
      super.write(kept);
      kept = new ByteBuffer[data.length];
      for (int i = 0; i < data.length; i++) {
        kept[i] = data[i].duplicate();
        data[i].position(data[i].limit());
      }
      flaw.strike();
    }
  }

  static class UsesOneBufferForAllChunks extends FaithfulPipe {
    private final ByteBuffer shared = ByteBuffer.allocate(MAX_CHUNK);

    UsesOneBufferForAllChunks(Pipe inside, Flaw flaw) {
      super(inside, flaw);
    }

    @Override
    public void onData(ByteBuffer data) {
      shared.clear();
      shared.put(data).flip();
      flaw.strike();
      super.onData(shared.duplicate());
    }
  }

  /** Lets what one pipe wrote last come out of the next one first. */
  static class SendsWhatAnotherPipeLeft extends FaithfulPipe {
    private final AtomicReference<ByteBuffer> left;

    SendsWhatAnotherPipeLeft(Pipe inside, Flaw flaw, AtomicReference<ByteBuffer> left) {
      super(inside, flaw);
      this.left = left;
    }

    @Override
    public void write(ByteBuffer... data) {
      ByteBuffer stale = left.getAndSet(null);
      if (stale != null) {
        flaw.strike();
        super.write(stale);
      }
      ByteBuffer all = copy(data);
      left.set(all.duplicate());
      super.write(all);
    }
  }
}
