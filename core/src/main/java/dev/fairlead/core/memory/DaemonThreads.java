package dev.fairlead.core.memory;

import java.util.concurrent.ThreadFactory;

/** Makes daemon threads of one name. */
record DaemonThreads(String name) implements ThreadFactory {

  static ThreadFactory named(String name) {
    return new DaemonThreads(name);
  }

  @Override
  public Thread newThread(Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }
}
