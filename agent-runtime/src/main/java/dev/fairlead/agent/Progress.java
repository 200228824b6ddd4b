package dev.fairlead.agent;

import dev.fairlead.api.Agent.State;
import dev.fairlead.api.UnauthenticatedException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Where an agent stands, and who waits for it. Safe for use by any thread. */
final class Progress {

  private final ReentrantLock lock = new ReentrantLock();
  private final List<CompletableFuture<Void>> waiting = new ArrayList<>();
  private State state = State.NEW;
  private String lastFailure = "no try is over yet";
  private @Nullable UnauthenticatedException refusal;

  State state() {
    lock.lock();
    try {
      return state;
    } finally {
      lock.unlock();
    }
  }

  String lastFailure() {
    lock.lock();
    try {
      return lastFailure;
    } finally {
      lock.unlock();
    }
  }

  /** Whether the agent was new, and is connecting now. */
  boolean begin() {
    return move(State.NEW, State.CONNECTING);
  }

  void failed(String why) {
    lock.lock();
    try {
      lastFailure = why;
    } finally {
      lock.unlock();
    }
  }

  void disconnected() {
    move(State.CONNECTED, State.CONNECTING);
  }

  void connected() {
    if (move(State.CONNECTING, State.CONNECTED)) {
      take().forEach(waiter -> waiter.complete(null));
    }
  }

  void refused(UnauthenticatedException cause) {
    lock.lock();
    try {
      if (state == State.CLOSED) {
        return;
      }
      state = State.REFUSED;
      refusal = cause;
    } finally {
      lock.unlock();
    }
    take().forEach(waiter -> waiter.completeExceptionally(cause));
  }

  /** Whether the agent was not closed before. */
  boolean close() {
    lock.lock();
    try {
      if (state == State.CLOSED) {
        return false;
      }
      state = State.CLOSED;
    } finally {
      lock.unlock();
    }
    take().forEach(waiter -> waiter.completeExceptionally(closed()));
    return true;
  }

  CompletableFuture<Void> whenConnected() {
    CompletableFuture<Void> waiter = new CompletableFuture<>();
    lock.lock();
    try {
      switch (state) {
        case NEW, CONNECTING -> waiting.add(waiter);
        case CONNECTED -> waiter.complete(null);
        case REFUSED -> waiter.completeExceptionally(refusal);
        case CLOSED -> waiter.completeExceptionally(closed());
      }
    } finally {
      lock.unlock();
    }
    return waiter;
  }

  void forget(CompletableFuture<Void> waiter) {
    lock.lock();
    try {
      waiting.remove(waiter);
    } finally {
      lock.unlock();
    }
  }

  static IllegalStateException closed() {
    return new IllegalStateException("agent: closed (expected: an open one)");
  }

  private boolean move(State from, State to) {
    lock.lock();
    try {
      if (state != from) {
        return false;
      }
      state = to;
      return true;
    } finally {
      lock.unlock();
    }
  }

  private List<CompletableFuture<Void>> take() {
    lock.lock();
    try {
      List<CompletableFuture<Void>> taken = List.copyOf(waiting);
      waiting.clear();
      return taken;
    } finally {
      lock.unlock();
    }
  }
}
