package dev.fairlead.testkit.transport.broken;

import dev.fairlead.api.transport.Pipe;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Pipes of one transport that have to do with each other. */
final class SharingFlaws {

  private SharingFlaws() {}

  /** What the pipes of one side know of each other. */
  static final class Siblings {
    private final List<FaithfulPipe> all = new CopyOnWriteArrayList<>();

    private <T extends FaithfulPipe> T add(T pipe) {
      all.add(pipe);
      return pipe;
    }

    void abortOthers(FaithfulPipe but) {
      for (FaithfulPipe pipe : all) {
        if (!pipe.equals(but)) {
          pipe.inside.abort(new IllegalStateException("as another pipe broke"));
        }
      }
    }

    Pipe closedTogether(Pipe inside, Flaw flaw) {
      return add(
          new FaithfulPipe(inside, flaw) {
            @Override
            public void abort(Throwable cause) {
              super.abort(cause);
              flaw.strike();
              abortOthers(this);
            }
          });
    }

    Pipe brokenByEachOthersListeners(Pipe inside, Flaw flaw) {
      return add(
          new FaithfulPipe(inside, flaw) {
            @Override
            public void onClosed(@Nullable Throwable cause) {
              try {
                super.onClosed(cause);
              } catch (RuntimeException thrown) {
                flaw.strike();
                abortOthers(this);
              }
            }
          });
    }

    Pipe readyTogether(Pipe inside, Flaw flaw) {
      return add(
          new FaithfulPipe(inside, flaw) {
            @Override
            public boolean isReady() {
              boolean allAre = all.stream().allMatch(pipe -> pipe.inside.isReady());
              if (!allAre && inside.isReady()) {
                flaw.strike();
              }
              return allAre;
            }
          });
    }

    Pipe writingToTheFirst(Pipe inside, Flaw flaw) {
      return add(
          new FaithfulPipe(inside, flaw) {
            @Override
            public void write(ByteBuffer... data) {
              if (!all.get(0).equals(this)) {
                flaw.strike();
              }
              all.get(0).inside.write(data);
            }
          });
    }

    /** Keeps every pipe, and through it its listener, for ever. */
    Pipe remembered(Pipe inside, Flaw flaw) {
      flaw.strike();
      return add(new FaithfulPipe(inside, flaw));
    }
  }
}
