package dev.fairlead.core.pipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.fairlead.api.transport.Pipe;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What order and which executors do to the events of a pipe. */
class PipeDeliveryTest {

  private static final int BURST = 8;

  private final List<String> seen = new ArrayList<>();
  private final Queue<Runnable> tasks = new ArrayDeque<>();

  private PipeDelivery delivery(Executor executor) {
    return new PipeDelivery(
        executor,
        BURST,
        new PipeDelivery.Hooks() {
          @Override
          public void handedOver(int bytes) {}

          @Override
          public void endHandedOver() {}

          @Override
          public void closeHandedOver() {}

          @Override
          public void listenerFailed(Throwable failure) {
            throw new AssertionError(failure);
          }
        });
  }

  private Pipe.Listener listener(Runnable whenReady) {
    return new Pipe.Listener() {
      @Override
      public void onReady() {
        seen.add("ready");
        whenReady.run();
      }

      @Override
      public void onData(ByteBuffer data) {
        seen.add("data");
      }

      @Override
      public void onEnd() {
        seen.add("end");
      }

      @Override
      public void onClosed(@Nullable Throwable cause) {
        seen.add("closed");
      }
    };
  }

  @Test
  void aWriterThatIsReadyAgainAtOnceStillHearsOfThePeersBytesAndEnd() {
    PipeDelivery[] delivery = new PipeDelivery[1];
    delivery[0] = delivery(tasks::add);
    delivery[0].start(listener(() -> delivery[0].ready()));
    delivery[0].request(2);
    delivery[0].ready();
    delivery[0].data(ByteBuffer.wrap(new byte[] {1}));
    delivery[0].data(ByteBuffer.wrap(new byte[] {2}));
    delivery[0].end();
    tasks.remove().run();
    assertThat(seen).startsWith("ready", "data", "ready", "data", "ready", "end", "ready");
  }

  @Test
  void aReportThatComesWhileTheExecutorEndsIsNoFailureOnceAllIsHandedOver() {
    PipeDelivery[] delivery = new PipeDelivery[1];
    delivery[0] =
        delivery(
            task -> {
              delivery[0].finish();
              throw new RejectedExecutionException("ended");
            });
    delivery[0].start(listener(() -> {}));
    assertThatCode(() -> delivery[0].close(new IllegalStateException("over")))
        .doesNotThrowAnyException();
    assertThat(seen).containsExactly("closed");
  }
}
