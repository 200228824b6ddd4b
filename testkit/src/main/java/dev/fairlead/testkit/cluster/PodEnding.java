package dev.fairlead.testkit.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.testkit.cluster.object.Trees;
import dev.fairlead.testkit.cluster.store.Change;
import dev.fairlead.testkit.cluster.store.ObjectStore;
import dev.fairlead.testkit.cluster.wire.Ending;
import org.jspecify.annotations.Nullable;

/** The end of one pod; another one of its name is not the same. */
final class PodEnding implements Ending {
  private final ObjectStore store;
  private final Change.Key key;
  private final String uid;
  private volatile @Nullable Runnable listener;

  PodEnding(ObjectStore store, Change.Key key, ObjectNode pod) {
    this.store = store;
    this.key = key;
    this.uid = uid(pod);
  }

  private static String uid(ObjectNode pod) {
    return Trees.text(pod, "metadata", "uid");
  }

  @Override
  public void whenGone(Runnable callback) {
    Runnable look =
        () -> {
          if (store.find(key).filter(pod -> uid(pod).equals(uid)).isEmpty()) {
            callback.run();
          }
        };
    listener = look;
    store.listen(look);
    look.run();
  }

  @Override
  public void close() {
    Runnable present = listener;
    if (present != null) {
      store.unlisten(present);
    }
  }
}
