package dev.fairlead.core.hub;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.Time;
import dev.fairlead.api.audit.AuditSink;
import dev.fairlead.api.auth.Authenticator;
import dev.fairlead.api.auth.Authorizer;
import dev.fairlead.api.auth.Grounds;
import dev.fairlead.api.auth.UserDirectory;
import dev.fairlead.api.metrics.Metrics;
import dev.fairlead.api.store.Stores;
import dev.fairlead.api.transport.HubTransport;
import dev.fairlead.core.drain.DrainTimes;
import dev.fairlead.core.exchange.ExchangeLimits;
import dev.fairlead.core.exchange.Recording;
import dev.fairlead.core.http.LinkSettings;
import dev.fairlead.core.store.FileStores;
import dev.fairlead.core.store.MemoryStores;
import dev.fairlead.core.time.SystemTime;
import dev.fairlead.pki.CertificateAuthority;
import io.netty.channel.EventLoopGroup;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Collects what a hub is made of. Nothing is checked or touched before {@link #build()}. Not for
 * use by several threads.
 */
public final class HubBuilder {

  private final List<HubTransport> transports = new ArrayList<>();
  private final List<Authenticator> authenticators = new ArrayList<>();
  private final List<UserDirectory> users = new ArrayList<>();
  private final List<Grounds> grounds = new ArrayList<>();
  private final Map<ClusterName, String> serviceAccounts = new LinkedHashMap<>();
  private @Nullable Authorizer authorizer;
  private @Nullable AuditSink audit;
  private @Nullable Stores stores;
  private @Nullable Path directory;
  private boolean inMemory;
  private @Nullable Time time;
  private SecureRandom random = new SecureRandom();
  private @Nullable EventLoopGroup loops;
  private HubSettings settings = HubSettings.defaults();
  private Metrics metrics = Metrics.none();

  HubBuilder() {}

  /**
   * Adds a transport on which the hub listens for agents. At least one is needed.
   *
   * @param transport the hub's end; the hub closes it
   * @return this
   */
  public HubBuilder transport(HubTransport transport) {
    transports.add(transport);
    return this;
  }

  /**
   * Adds an authenticator, asked after the hub's own API keys and those added before.
   *
   * @param authenticator tells who asks; the hub closes it
   * @return this
   */
  public HubBuilder authenticator(Authenticator authenticator) {
    authenticators.add(authenticator);
    return this;
  }

  /**
   * Takes tokens of a cluster's service accounts, which the cluster is asked about through its
   * tunnel as user {@value dev.fairlead.core.serviceaccount.ServiceAccounts#REVIEWER}. That user
   * needs a role at this hub to create {@code tokenreviews} of {@code authentication.k8s.io}, and
   * {@code system:auth-delegator} in the cluster.
   *
   * @param cluster whose service accounts
   * @param audience for which their tokens have to be; one that only this cluster uses
   * @return this
   */
  public HubBuilder serviceAccounts(ClusterName cluster, String audience) {
    serviceAccounts.put(cluster, audience);
    return this;
  }

  /**
   * Sets who decides what may be done. Needed.
   *
   * @param decides the authoriser, such as {@link dev.fairlead.core.authorization.Roles}
   * @return this
   */
  public HubBuilder authorizer(Authorizer decides) {
    authorizer = decides;
    return this;
  }

  /**
   * Adds a directory that knows the owners of API keys as they are now: who is blocked, and who is
   * in which groups. Users that none of them knows keep the groups of when a key was issued.
   *
   * @param directory is asked after those added before; followed, too, if it is {@link Grounds}
   * @return this
   */
  public HubBuilder users(UserDirectory directory) {
    users.add(directory);
    return this;
  }

  /**
   * Adds something that tells of changes beside the authenticators and the authoriser, which are
   * followed anyway: a directory that knows when users are disabled, say.
   *
   * @param source what the hub follows while it runs
   * @return this
   */
  public HubBuilder grounds(Grounds source) {
    grounds.add(source);
    return this;
  }

  /**
   * Sets where requests are recorded. Needed.
   *
   * @param sink the sink; the hub closes it
   * @return this
   */
  public HubBuilder audit(AuditSink sink) {
    audit = sink;
    return this;
  }

  /**
   * Keeps the certificate authority, and the stores unless they are set, in a directory.
   *
   * @param directory of mode 0700, or absent: then it is made
   * @return this
   */
  public HubBuilder keepIn(Path directory) {
    this.directory = directory;
    return this;
  }

  /**
   * Keeps the certificate authority, and the stores unless they are set, in memory: every agent has
   * to enrol again after a restart. For tests and demonstrations.
   *
   * @return this
   */
  public HubBuilder keepInMemory() {
    inMemory = true;
    return this;
  }

  /**
   * Sets the stores, in place of files.
   *
   * @param stores what the hub has to remember; the hub opens and closes it
   * @return this
   */
  public HubBuilder stores(Stores stores) {
    this.stores = stores;
    return this;
  }

  /**
   * Sets the names under which agents dial the hub, for the certificate it shows them.
   *
   * @param names DNS names and IP addresses; {@code localhost} and {@code 127.0.0.1} unless set
   * @return this
   */
  public HubBuilder tunnelNames(String... names) {
    settings = settings.withTunnelNames(List.of(names));
    return this;
  }

  /**
   * Sets the bounds of each tunnel.
   *
   * @param tunnel the bounds
   * @return this
   */
  public HubBuilder tunnel(LinkSettings tunnel) {
    settings = settings.withTunnel(tunnel);
    return this;
  }

  /**
   * Sets how many requests may be under way at once; those beyond are refused with 429.
   *
   * @param limits of a user and to a cluster; {@link ExchangeLimits#defaults()} unless set
   * @return this
   */
  public HubBuilder limits(ExchangeLimits limits) {
    settings = settings.withExchanges(limits);
    return this;
  }

  /**
   * Sets what of requests is recorded in the audit trail.
   *
   * @param what beside beginnings and ends; {@link Recording#defaults()} unless set
   * @return this
   */
  public HubBuilder recording(Recording what) {
    settings = settings.withRecording(what);
    return this;
  }

  /**
   * Sets how long exchanges may go on after {@code close()} was called, whatever their kind.
   *
   * @param longest 0 to 1 hour; {@link DrainTimes#defaults} unless set
   * @return this
   */
  public HubBuilder drainFor(Duration longest) {
    return drainFor(DrainTimes.of(longest));
  }

  /**
   * Sets how long exchanges may go on after {@code close()} was called, by their kind.
   *
   * @param times the times; {@link DrainTimes#defaults} unless set
   * @return this
   */
  public HubBuilder drainFor(DrainTimes times) {
    settings = settings.withDrain(times);
    return this;
  }

  /**
   * Sets all bounds and names at once.
   *
   * @param all the settings, in place of those set before
   * @return this
   */
  public HubBuilder settings(HubSettings all) {
    settings = all;
    return this;
  }

  /**
   * Sets where the hub gets its time from.
   *
   * @param source the clock, which the caller closes if need be; the system's unless set
   * @return this
   */
  public HubBuilder time(Time source) {
    time = source;
    return this;
  }

  /**
   * Sets where counts and measurements go.
   *
   * @param collector what collects them; nothing does unless set
   * @return this
   */
  public HubBuilder metrics(Metrics collector) {
    metrics = collector;
    return this;
  }

  /**
   * Sets where secrets come from.
   *
   * @param source a source of randomness fit for keys
   * @return this
   */
  public HubBuilder random(SecureRandom source) {
    random = source;
    return this;
  }

  /**
   * Shares event loops, which the hub then does not stop. One for each core but one unless set. A
   * transport that can, as WebSocket's, runs on them, too.
   *
   * @param value event loops for NIO, or for epoll
   * @return this
   */
  public HubBuilder eventLoops(EventLoopGroup value) {
    loops = value;
    return this;
  }

  /**
   * Checks everything and makes the hub, which touches nothing before it is started.
   *
   * @return the hub
   * @throws InvalidException if something is missing or contradicts; the message lists every
   *     mistake
   */
  public FairleadHub build() {
    List<String> mistakes = new ArrayList<>();
    if (transports.isEmpty()) {
      mistakes.add("transport: none (expected: at least 1, such as GrpcTransport.listen(8300))");
    }
    if (authorizer == null) {
      mistakes.add("authorizer: none (expected: one, such as Roles.load(file))");
    }
    if (audit == null) {
      mistakes.add("audit: none (expected: one, such as JsonLinesAuditSink.open(file))");
    }
    if (inMemory == (directory != null)) {
      mistakes.add(
          (inMemory ? "keepIn and keepInMemory: both" : "keepIn and keepInMemory: neither")
              + " (expected: one of them)");
    }
    serviceAccounts.forEach(
        (cluster, audience) -> {
          if (audience.isBlank()
              || serviceAccounts.values().stream().filter(audience::equals).count() > 1) {
            mistakes.add(
                "serviceAccounts of "
                    + cluster
                    + ": audience \""
                    + audience
                    + "\" (expected: one that no other cluster uses, such as fairlead-"
                    + cluster
                    + ")");
          }
        });
    if (!mistakes.isEmpty() || authorizer == null || audit == null) {
      throw new InvalidException("hub: " + String.join("; ", mistakes));
    }
    SystemTime owned = time == null ? new SystemTime() : null;
    Time clock = time == null ? java.util.Objects.requireNonNull(owned) : time;
    Path place = directory;
    SecureRandom secrets = random;
    Supplier<CertificateAuthority> authority =
        place == null
            ? () -> CertificateAuthority.create(clock, secrets, "Fairlead CA")
            : () -> CertificateAuthority.loadOrCreate(place.resolve("ca"), clock, secrets);
    Stores kept = stores;
    if (kept == null) {
      kept = place == null ? MemoryStores.create() : FileStores.in(place.resolve("stores"));
    }
    return new FairleadHub(
        List.copyOf(transports),
        List.copyOf(authenticators),
        Map.copyOf(serviceAccounts),
        authorizer,
        audit,
        kept,
        authority,
        clock,
        owned,
        secrets,
        loops,
        settings,
        metrics,
        List.copyOf(users),
        List.copyOf(grounds));
  }
}
