package dev.fairlead.core.serviceaccount;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.fairlead.api.ClusterName;
import dev.fairlead.api.Identity;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.Time;
import dev.fairlead.api.TransportException;
import dev.fairlead.api.auth.Authentication;
import dev.fairlead.api.auth.Authenticator;
import dev.fairlead.api.auth.BearerToken;
import dev.fairlead.api.auth.Credential;
import dev.fairlead.core.exchange.Caller;
import dev.fairlead.core.exchange.Exchanges;
import dev.fairlead.core.http.Heads;
import dev.fairlead.core.http.StreamPair;
import dev.fairlead.core.json.JsonTree;
import dev.fairlead.core.request.ClusterRequest;
import dev.fairlead.core.request.RefusedRequestException;
import dev.fairlead.core.request.RequestTarget;
import dev.fairlead.core.secret.RandomSecrets;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.EventExecutor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tokens of one cluster's service accounts, for controllers that work with other clusters. The
 * cluster is asked about each by a {@code TokenReview}, as the user {@link #REVIEWER}: that user
 * needs a role at the hub and {@code system:auth-delegator} in the cluster, and the request is
 * authorised and recorded as any other.
 *
 * <p>Issuers of clusters often have the same name, so tokens are told apart by their audience,
 * which is to be one that no other cluster uses; tokens for another are never sent to this cluster.
 * A service account is named {@code <cluster>:system:serviceaccount:<namespace>:<name>}, and so are
 * its groups.
 *
 * <p>At most 100 tokens are asked about at once. Never blocks; safe for use by any thread.
 */
public final class ServiceAccounts implements Authenticator {

  /** As whom the hub asks clusters about tokens. */
  public static final String REVIEWER = "fairlead:token-review";

  private static final CompletionStage<Authentication> UNKNOWN =
      CompletableFuture.completedStage(new Authentication.Unknown());
  private static final Duration REUSABLE = Duration.ofSeconds(10);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);
  private static final int MOST_AT_ONCE = 100;
  private static final int LONGEST_TOKEN = 16 * 1024;
  private static final int LARGEST_ANSWER = 256 * 1024;
  private static final String PATH = "/apis/authentication.k8s.io/v1/tokenreviews";
  private static final String ACCOUNT = "system:serviceaccount:";
  private static final String EVERYBODY = "system:authenticated";
  private static final JsonFactory JSON = new JsonFactory();

  private final ClusterName cluster;
  private final String audience;
  private final Exchanges exchanges;
  private final Supplier<EventExecutor> executors;
  private final Time time;
  private final Semaphore places = new Semaphore(MOST_AT_ONCE);

  /**
   * Takes tokens of a cluster's service accounts.
   *
   * @param cluster whose
   * @param audience for which the tokens have to be, such as {@code fairlead-dev}
   * @param exchanges the way to the cluster
   * @param executors where answers are taken
   * @param time the clock
   * @throws InvalidException if the audience is blank
   */
  public ServiceAccounts(
      ClusterName cluster,
      String audience,
      Exchanges exchanges,
      Supplier<EventExecutor> executors,
      Time time) {
    if (audience.isBlank()) {
      throw new InvalidException(
          "audience of cluster "
              + cluster
              + ": blank (expected: such as fairlead-"
              + cluster
              + ")");
    }
    this.cluster = cluster;
    this.audience = audience;
    this.exchanges = exchanges;
    this.executors = executors;
    this.time = time;
  }

  /**
   * {@inheritDoc}
   *
   * @return {@link Authentication.Unknown} for all but tokens that say they are a service account's
   *     and for this audience; a stage that fails if the cluster cannot be asked
   */
  @Override
  public CompletionStage<Authentication> authenticate(Credential credential) {
    Map<String, Object> claims =
        credential instanceof BearerToken token ? claimsOf(token.reveal()) : null;
    if (claims == null
        || !JsonTree.textsAt(claims, "aud").contains(audience)
        || !JsonTree.textAt(claims, "sub").startsWith(ACCOUNT)) {
      return UNKNOWN;
    }
    if (!places.tryAcquire()) {
      return CompletableFuture.failedFuture(
          new TransportException(
              "cluster " + cluster + ": is being asked about " + MOST_AT_ONCE + " tokens"));
    }
    try {
      return review(((BearerToken) credential).reveal())
          .thenApply(answer -> examine(answer, claims, (BearerToken) credential))
          .whenComplete((found, failure) -> places.release());
    } catch (RuntimeException e) {
      places.release();
      return CompletableFuture.failedFuture(e);
    }
  }

  /** What a token says, which nobody has verified; null if it is no JSON Web Token. */
  private static @Nullable Map<String, Object> claimsOf(String token) {
    String[] parts = token.length() > LONGEST_TOKEN ? new String[0] : token.split("\\.", -1);
    if (parts.length != 3) {
      return null;
    }
    try {
      return JsonTree.object(Base64.getUrlDecoder().decode(parts[1]));
    } catch (IOException | IllegalArgumentException e) {
      return null;
    }
  }

  private CompletableFuture<WholeAnswer.Answer> review(String token) {
    byte[] body = body(token);
    StreamPair pair = StreamPair.on(executors.get(), false);
    WholeAnswer answer = WholeAnswer.to(pair.caller(), LARGEST_ANSWER);
    RequestTarget target;
    try {
      target = RequestTarget.parse(PATH);
    } catch (RefusedRequestException e) {
      throw new IllegalStateException("the path of TokenReviews is a good one", e);
    }
    exchanges.serve(
        pair.served(),
        Heads.create()
            .method("POST")
            .scheme("https")
            .path(PATH)
            .set("content-type", "application/json")
            .set("accept", "application/json")
            .set("content-length", Integer.toString(body.length)),
        false,
        new ClusterRequest(cluster, target),
        new Caller(Identity.user(REVIEWER), "hub", "", "fairlead-hub"));
    pair.caller().sendData(Unpooled.wrappedBuffer(body), true);
    Time.Scheduled giveUp =
        time.schedule(
            LONGEST_WAIT,
            () -> answer.abandon("cluster " + cluster + ": did not answer about a token"));
    return answer.whole().whenComplete((whole, failure) -> giveUp.cancel());
  }

  private byte[] body(String token) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField("apiVersion", "authentication.k8s.io/v1");
      json.writeStringField("kind", "TokenReview");
      json.writeObjectFieldStart("spec");
      json.writeStringField("token", token);
      json.writeArrayFieldStart("audiences");
      json.writeString(audience);
      json.writeEndArray();
      json.writeEndObject();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private Authentication examine(
      WholeAnswer.Answer answer, Map<String, Object> claims, BearerToken token) {
    if (answer.status() != 200 && answer.status() != 201) {
      throw new TransportException(
          "cluster "
              + cluster
              + ": answered "
              + answer.status()
              + " to a TokenReview (expected: 201; user "
              + REVIEWER
              + " needs a role at the hub, and system:auth-delegator in the cluster)");
    }
    Map<?, ?> status;
    try {
      status = JsonTree.objectAt(JsonTree.object(answer.body()), "status");
    } catch (IOException e) {
      throw new TransportException("cluster " + cluster + ": answered no TokenReview");
    }
    Map<?, ?> user = JsonTree.objectAt(status, "user");
    String name = JsonTree.textAt(user, "username");
    if (status.get("authenticated") != Boolean.TRUE
        || !JsonTree.textsAt(status, "audiences").contains(audience)) {
      return rejected("the cluster does not know it");
    }
    if (!name.startsWith(ACCOUNT) || !name.equals(claims.get("sub"))) {
      return rejected("the cluster says it is another's");
    }
    if (!(claims.get("exp") instanceof Long expiry)
        || expiry < 0
        || expiry > Instant.MAX.getEpochSecond()
        || !time.instant().isBefore(Instant.ofEpochSecond(expiry))) {
      return rejected("exp: missing or past");
    }
    List<String> groups =
        JsonTree.textsAt(user, "groups").stream()
            .filter(group -> !group.equals(EVERYBODY))
            .map(group -> cluster + ":" + group)
            .toList();
    String uid = JsonTree.textAt(user, "uid");
    try {
      return new Authentication.Authenticated(
          new Identity(cluster + ":" + name, uid.isEmpty() ? null : uid, groups, Map.of()),
          "serviceaccount/" + cluster + "#" + RandomSecrets.hash(token.reveal()).substring(0, 32),
          Instant.ofEpochSecond(expiry));
    } catch (InvalidException e) {
      return rejected(e.getMessage());
    }
  }

  private Authentication rejected(String reason) {
    return new Authentication.Rejected("service account of cluster " + cluster + ": " + reason);
  }

  /** {@inheritDoc} Ten seconds, in which a token of a deleted account is still taken. */
  @Override
  public Duration reusableFor() {
    return REUSABLE;
  }

  @Override
  public String toString() {
    return "ServiceAccounts[" + cluster + " for " + audience + "]";
  }
}
