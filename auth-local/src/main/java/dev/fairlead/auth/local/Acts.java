package dev.fairlead.auth.local;

import dev.fairlead.api.FairleadException;
import dev.fairlead.api.Identity;
import dev.fairlead.api.OfflineException;
import dev.fairlead.api.RequestInfo;
import dev.fairlead.api.audit.AuditEvent;
import dev.fairlead.api.audit.AuditEvent.Stage;
import dev.fairlead.api.audit.AuditSink;
import dev.fairlead.api.store.UserStore.StoredUser;
import dev.fairlead.core.door.RestAnswer;
import dev.fairlead.core.door.RestCall;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Records who signs in and who administers users, before it is done and afterwards. */
final class Acts {

  private static final Logger log = LoggerFactory.getLogger(Acts.class);
  private static final Identity HUB = Identity.user("fairlead:hub");
  private static final int SECONDS = 10;
  private static final String UNRECORDED =
      "audit: this could not be recorded, so it was not done (expected: a working audit sink)";

  private final AuditSink sink;
  private final InstantSource time;

  Acts(AuditSink sink, InstantSource time) {
    this.sink = sink;
    this.time = time;
  }

  /** Something that nobody asks for over HTTP. */
  Act begin(String verb, String resource, String subresource, String name) {
    return new Act(
        AuditEvent.received(
            UUID.randomUUID().toString(),
            "",
            path(resource, subresource, name),
            info(verb, resource, subresource, name),
            time.instant()));
  }

  /** Something that the hub does by itself, and is recorded as the one who acts. */
  Act beginByHub(String verb, String resource) {
    Act act = begin(verb, resource, "", "");
    act.by(HUB, null);
    return act;
  }

  Act begin(RestCall call, String verb, String resource, String subresource, String name) {
    return new Act(
        AuditEvent.received(
                UUID.randomUUID().toString(),
                call.method(),
                call.target().rawPath(),
                info(verb, resource, subresource, name),
                time.instant())
            .from(call.sourceIp(), call.userAgent()));
  }

  /**
   * Records that something is about to be done, does it, and records what came of it.
   *
   * @param status what to record if it succeeds
   * @throws OfflineException if the first cannot be recorded; then nothing is done
   */
  <T> T keep(Act act, int status, Supplier<T> action) {
    act.received();
    T result;
    try {
      result = action.get();
    } catch (FairleadException e) {
      act.completed(RestAnswer.problem(e).status());
      throw e;
    } catch (RuntimeException | Error e) {
      act.completed(500);
      throw e;
    }
    if (!act.completed(status)) {
      act.takeBack();
    }
    return result;
  }

  private static RequestInfo info(String verb, String resource, String subresource, String name) {
    return new RequestInfo(
        true,
        path(resource, subresource, name),
        verb,
        AuditEvent.HUB_GROUP,
        "v1",
        "",
        resource,
        subresource,
        name);
  }

  private static String path(String resource, String subresource, String name) {
    return "/apis/"
        + AuditEvent.HUB_GROUP
        + "/v1/"
        + resource
        + (name.isEmpty() ? "" : "/" + name)
        + (subresource.isEmpty() ? "" : "/" + subresource);
  }

  /** One act, on one thread. */
  final class Act {

    private final Map<String, String> notes = new TreeMap<>();
    private AuditEvent event;
    private @Nullable Runnable undo;

    private Act(AuditEvent event) {
      this.event = event;
    }

    /** Tells who acts. */
    void by(@Nullable Identity user, @Nullable String credentialId) {
      event = event.by(user, null);
      if (credentialId != null) {
        note("credential", credentialId);
      }
    }

    /** Tells from where, as far as that is known. */
    void from(String sourceIp) {
      event = event.from(sourceIp, "");
    }

    /** Tells whose session got tokens, which end if this cannot be recorded. */
    void issued(IssuedTokens tokens, Sessions sessions) {
      by(tokens.identity(), Sessions.credentialId(tokens.sessionId()));
      unlessRecorded(() -> sessions.end(tokens.sessionId(), "its beginning could not be recorded"));
    }

    /** Tells whose session ended, if there was one. */
    Optional<StoredUser> ended(Optional<StoredUser> user) {
      user.ifPresent(one -> note("user", one.id()));
      return user;
    }

    /** Takes it back if it turns out that it cannot be recorded. */
    private void unlessRecorded(Runnable takeBack) {
      undo = takeBack;
    }

    /**
     * Takes it back, as it was not recorded.
     *
     * @throws OfflineException if it could be taken back; else it stays done
     */
    void takeBack() {
      Runnable takeBack = undo;
      if (takeBack != null) {
        takeBack.run();
        throw new OfflineException(UNRECORDED);
      }
    }

    /** Tells more of it; nothing secret. */
    void note(String key, String value) {
      notes.put(AuditEvent.HUB_GROUP + "/" + key, value);
    }

    void noteAdded(LocalUser user) {
      note("user", user.id());
      noteRoles(user);
    }

    void noteRoles(LocalUser user) {
      note("roles", String.join(" ", user.roles()));
    }

    /** Tells what of something is changed. */
    void noteChange(String what) {
      notes.merge(AuditEvent.HUB_GROUP + "/changed", what, (before, more) -> before + " " + more);
    }

    /**
     * Records that it is about to be done.
     *
     * @throws OfflineException if it could not be; then it must not be done
     */
    void received() {
      append(Stage.REQUEST_RECEIVED, null);
    }

    /**
     * Records what came of it.
     *
     * @throws OfflineException if it could not be
     */
    void complete(int status) {
      append(Stage.RESPONSE_COMPLETE, status);
    }

    /** Records what came of it; if it could not be, that is logged. */
    boolean completed(int status) {
      try {
        complete(status);
        return true;
      } catch (OfflineException e) {
        log.error("local accounts: what came of an act was not recorded", e);
        return false;
      }
    }

    private void append(Stage stage, @Nullable Integer status) {
      try {
        sink.append(event.reached(stage, time.instant(), status, notes))
            .toCompletableFuture()
            .get(SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw unrecorded(e);
      } catch (ExecutionException | TimeoutException | RuntimeException e) {
        throw unrecorded(e);
      }
    }
  }

  private static OfflineException unrecorded(Throwable cause) {
    return new OfflineException(UNRECORDED, cause);
  }
}
