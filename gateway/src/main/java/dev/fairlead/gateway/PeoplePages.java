package dev.fairlead.gateway;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.fairlead.api.Cluster;
import dev.fairlead.api.ClusterName;
import dev.fairlead.api.Fleet;
import dev.fairlead.api.Identity;
import dev.fairlead.api.TimeoutException;
import dev.fairlead.core.door.RestAnswer;
import dev.fairlead.core.door.RestCall;
import dev.fairlead.core.door.RestPages;
import dev.fairlead.core.exchange.Caller;
import dev.fairlead.core.exchange.Exchanges;
import dev.fairlead.core.request.ClusterAddressing;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What people's programs ask a hub: how to sign in ({@code /.well-known/fairlead}, RFC 8615, for
 * anybody), who they are ({@code /auth/whoami}) and which clusters they may use ({@code
 * /clusters}).
 */
final class PeoplePages implements RestPages {

  static final String WELL_KNOWN = "/.well-known/fairlead";
  static final String WHOAMI = "/auth/whoami";
  static final String CLUSTERS = "/clusters";

  private static final int PATIENCE_SECONDS = 10;
  private static final JsonFactory JSON = new JsonFactory();

  private final Fleet fleet;
  private final Exchanges exchanges;
  private final ClusterAddressing addressing;
  private final SignInOffer offer;

  PeoplePages(Fleet fleet, Exchanges exchanges, ClusterAddressing addressing, SignInOffer offer) {
    this.fleet = fleet;
    this.exchanges = exchanges;
    this.addressing = addressing;
    this.offer = offer;
  }

  @Override
  public List<String> prefixes() {
    return List.of(WELL_KNOWN, WHOAMI, CLUSTERS);
  }

  @Override
  public int largestBody() {
    return 0;
  }

  @Override
  public RestAnswer answer(RestCall call) {
    String path = call.target().path();
    if (!prefixes().contains(path)) {
      return RestAnswer.problem(404, "no such page at the hub");
    }
    if (!call.method().equals("GET")) {
      return RestAnswer.problem(405, "method: " + call.method() + " (expected: GET)")
          .with("allow", "GET");
    }
    return switch (path) {
      case WHOAMI -> json(to -> write(to, call.caller().identity()));
      case CLUSTERS -> json(to -> writeClusters(to, call.caller()));
      default -> json(this::writeOffer).with("cache-control", "max-age=60");
    };
  }

  @FunctionalInterface
  private interface Writer {
    void write(JsonGenerator to) throws IOException;
  }

  private static RestAnswer json(Writer writer) {
    StringWriter text = new StringWriter();
    try (JsonGenerator to = JSON.createGenerator(text)) {
      to.writeStartObject();
      writer.write(to);
      to.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("a string cannot fail to be written to", e);
    }
    return RestAnswer.json(200, text.toString());
  }

  private void writeOffer(JsonGenerator to) throws IOException {
    String version = PeoplePages.class.getPackage().getImplementationVersion();
    if (version != null) {
      to.writeStringField("version", version);
    }
    to.writeObjectFieldStart("signIn");
    to.writeBooleanField("local", offer.localAccounts());
    to.writeArrayFieldStart("issuers");
    for (IssuerOffer issuer : offer.issuers()) {
      to.writeStartObject();
      to.writeStringField("issuer", issuer.issuer());
      to.writeStringField("clientId", issuer.clientId());
      writeTexts(to, "scopes", issuer.scopes());
      to.writeStringField("token", issuer.token().name().toLowerCase(Locale.ROOT));
      to.writeEndObject();
    }
    to.writeEndArray();
    to.writeEndObject();
  }

  private static void writeTexts(JsonGenerator to, String name, List<String> texts)
      throws IOException {
    to.writeArrayFieldStart(name);
    for (String text : texts) {
      to.writeString(text);
    }
    to.writeEndArray();
  }

  private static void write(JsonGenerator to, Identity identity) throws IOException {
    to.writeStringField("username", identity.username());
    String uid = identity.uid();
    if (uid != null && !uid.isEmpty()) {
      to.writeStringField("uid", uid);
    }
    writeTexts(to, "groups", identity.groups());
    to.writeObjectFieldStart("extra");
    for (Map.Entry<String, List<String>> one : new TreeMap<>(identity.extra()).entrySet()) {
      writeTexts(to, one.getKey(), one.getValue());
    }
    to.writeEndObject();
  }

  private void writeClusters(JsonGenerator to, Caller caller) throws IOException {
    List<Cluster> all = fleet.list();
    List<CompletableFuture<Boolean>> asked =
        all.stream()
            .map(cluster -> exchanges.mayUse(cluster.name(), caller).toCompletableFuture())
            .toList();
    await(asked);
    to.writeArrayFieldStart("clusters");
    for (int i = 0; i < all.size(); i++) {
      if (asked.get(i).join()) {
        write(to, all.get(i));
      }
    }
    to.writeEndArray();
  }

  private static void await(List<CompletableFuture<Boolean>> asked) {
    try {
      CompletableFuture.allOf(asked.toArray(CompletableFuture<?>[]::new))
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a question that cannot fail failed", e);
    } catch (java.util.concurrent.TimeoutException e) {
      throw new TimeoutException(
          "authorisation: no answer within " + PATIENCE_SECONDS + " s (expected: one by then)", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TimeoutException("authorisation: the hub is closing", e);
    }
  }

  private void write(JsonGenerator to, Cluster cluster) throws IOException {
    ClusterName name = cluster.name();
    to.writeStartObject();
    to.writeStringField("name", name.value());
    to.writeStringField("status", cluster.status().name().toLowerCase(Locale.ROOT));
    writeUnlessNull(to, "kubernetesVersion", cluster.kubernetesVersion().orElse(null));
    to.writeStringField("path", CLUSTERS + "/" + name);
    writeUnlessNull(to, "host", addressing.hostOf(name).orElse(null));
    to.writeEndObject();
  }

  private static void writeUnlessNull(JsonGenerator to, String field, @Nullable String text)
      throws IOException {
    if (text != null) {
      to.writeStringField(field, text);
    }
  }
}
