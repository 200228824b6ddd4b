package dev.fairlead.core.hub;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.Fleet;
import dev.fairlead.api.Hub;
import dev.fairlead.api.Time;
import dev.fairlead.api.TransportException;
import dev.fairlead.api.audit.AuditSink;
import dev.fairlead.api.auth.Authenticator;
import dev.fairlead.api.auth.Authorizer;
import dev.fairlead.api.auth.Grounds;
import dev.fairlead.api.auth.UserDirectory;
import dev.fairlead.api.metrics.Metrics;
import dev.fairlead.api.store.Stores;
import dev.fairlead.api.transport.HubTransport;
import dev.fairlead.api.transport.TlsMaterial;
import dev.fairlead.core.apikey.ApiKeys;
import dev.fairlead.core.authentication.AuthenticatorChain;
import dev.fairlead.core.authorization.ReloadableRoles;
import dev.fairlead.core.enrolment.Enrolments;
import dev.fairlead.core.enrolment.InstallTokens;
import dev.fairlead.core.exchange.Exchanges;
import dev.fairlead.core.fleet.FleetRegistry;
import dev.fairlead.core.http.LinkMetrics;
import dev.fairlead.core.pipe.SharesEventLoops;
import dev.fairlead.core.serviceaccount.ServiceAccounts;
import dev.fairlead.core.time.SystemTime;
import dev.fairlead.core.tls.ShownCertificate;
import dev.fairlead.pki.CertificateAuthority;
import dev.fairlead.pki.CertificatePin;
import dev.fairlead.pki.ServerCertificate;
import io.netty.channel.EventLoopGroup;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The hub in this process. */
public final class FairleadHub implements Hub {

  private static final Logger log = LoggerFactory.getLogger(FairleadHub.class);
  private static final Duration TUNNEL_CERTIFICATE_LIFE = Duration.ofDays(30);

  private enum State {
    NEW,
    STARTING,
    RUNNING,
    CLOSED
  }

  private final List<HubTransport> transports;
  private final AuditSink audit;
  private final Stores stores;
  private final Supplier<CertificateAuthority> authoritySource;
  private final Time time;
  private final @Nullable SystemTime ownedTime;
  private final SecureRandom random;
  private final @Nullable EventLoopGroup given;
  private final HubSettings settings;
  private final Metrics metrics;
  private final LinkMetrics tunnelMetrics;
  private final FleetRegistry registry;
  private final StoredFleet fleet;
  private final ApiKeys apiKeys;
  private final AuthenticatorChain authenticator;
  private final Exchanges exchanges;
  private final Journal journal;
  private final FollowedGrounds followed;
  private final List<?> parts;
  private final ExecutorService lookups = HubThreads.lookups();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Object lifecycle = new Object();

  // Written under lifecycle, read without: the loops ask while a close waits for them.
  private volatile State state = State.NEW;
  private volatile @Nullable EventLoopGroup loops;

  private volatile @Nullable CertificateAuthority authority;
  private @Nullable ShownCertificate certificate;

  FairleadHub(
      List<HubTransport> transports,
      List<Authenticator> authenticators,
      Map<ClusterName, String> serviceAccounts,
      Authorizer authorizer,
      AuditSink audit,
      Stores stores,
      Supplier<CertificateAuthority> authoritySource,
      Time time,
      @Nullable SystemTime ownedTime,
      SecureRandom random,
      @Nullable EventLoopGroup given,
      HubSettings settings,
      Metrics metrics,
      List<UserDirectory> users,
      List<Grounds> grounds) {
    this.transports = transports;
    this.audit = audit;
    this.stores = stores;
    this.authoritySource = authoritySource;
    this.time = time;
    this.ownedTime = ownedTime;
    this.random = random;
    this.given = given;
    this.settings = settings;
    this.metrics = metrics;
    this.tunnelMetrics = LinkMetrics.of(metrics, LinkMetrics.Leg.TUNNEL);
    this.registry = new FleetRegistry(settings.tunnel(), time, tunnelMetrics);
    this.journal = new Journal(audit, time);
    this.apiKeys = new ApiKeys(stores, time, random, lookups, users, journal);
    this.exchanges =
        new Exchanges(
            authorizer, audit, registry, settings.exchanges(), settings.recording(), time, metrics);
    // Its own come first: their form tells them apart, and they are nobody else's business.
    List<Authenticator> asked = new ArrayList<>(List.of(apiKeys));
    serviceAccounts.forEach(
        (cluster, audience) ->
            asked.add(
                new ServiceAccounts(
                    cluster, audience, exchanges, () -> eventLoops().next(), time)));
    asked.addAll(authenticators);
    this.authenticator = AuthenticatorChain.of(asked, time);
    this.fleet =
        new StoredFleet(
            registry,
            stores,
            new InstallTokens(stores, time, random),
            new HubCluster.Way(exchanges, () -> eventLoops().next(), time),
            journal);
    this.followed = new FollowedGrounds(authenticator, exchanges.grounds(), journal);
    List<Object> parts = new ArrayList<>(asked);
    parts.add(authorizer);
    parts.addAll(users);
    parts.addAll(grounds);
    this.parts = parts;
  }

  /**
   * Collects what a hub is made of.
   *
   * @return a new builder
   */
  public static HubBuilder builder() {
    return new HubBuilder();
  }

  @Override
  public void start() {
    synchronized (lifecycle) {
      if (state != State.NEW) {
        throw new IllegalStateException("hub: " + state + " (expected: NEW, it starts once)");
      }
      state = State.STARTING;
      try {
        open();
        state = State.RUNNING;
      } catch (RuntimeException e) {
        state = State.CLOSED;
        release();
        throw e;
      }
    }
  }

  private void open() {
    stores.open();
    for (Object part : parts) {
      if (part instanceof ReloadableRoles roles) {
        roles.open();
      }
    }
    followed.follow(parts);
    CertificateAuthority opened = authoritySource.get();
    authority = opened;
    ShownCertificate shown =
        new ShownCertificate(
            "hub, towards agents",
            () -> opened.issueServer(settings.tunnelNames(), TUNNEL_CERTIFICATE_LIFE),
            time);
    shown.keepFresh();
    certificate = shown;
    Enrolments enrolments = new Enrolments(stores, opened, time, random, settings.enrolment());
    fleet.open(enrolments);
    EventLoopGroup group = given == null ? HubThreads.eventLoops() : given;
    loops = group;
    AgentDoor door =
        new AgentDoor(
            enrolments,
            registry,
            new TlsMaterial(List.of(shown.keyManager()), List.of(opened.trustManagers())),
            group,
            new AgentGate(settings.agents(), time, metrics),
            metrics,
            journal,
            exchanges.refusals());
    for (HubTransport transport : transports) {
      if (transport instanceof SharesEventLoops sharing) {
        sharing.runOn(group);
      }
      transport.start(door);
      log.info("hub: agents can dial {}", transport.address());
    }
  }

  @Override
  public Fleet fleet() {
    return fleet;
  }

  /** {@inheritDoc} It takes requests from within this process. */
  @Override
  public HubCluster cluster(String name) {
    return fleet.get(ClusterName.of(name));
  }

  /**
   * API keys, which this hub issues to users and services.
   *
   * @return the keys; usable once the hub was started
   */
  public ApiKeys apiKeys() {
    return apiKeys;
  }

  /**
   * Tells who asks: this hub's API keys, and then the authenticators given to the builder.
   *
   * @return the chain of them, which the hub closes
   */
  public AuthenticatorChain authenticator() {
    return authenticator;
  }

  /**
   * The way of requests through this hub, for its doors.
   *
   * @return where authenticated requests go
   */
  public Exchanges exchanges() {
    return exchanges;
  }

  /**
   * Ends all watches, each between two of its events, so that clients open them anew: for doors
   * that close. Requests and streams go on.
   */
  public void endWatches() {
    registry.endWatches();
  }

  /**
   * Where the hub gets its time from.
   *
   * @return the clock
   */
  public Time time() {
    return time;
  }

  /**
   * Where this hub's counts and measurements go, for its doors.
   *
   * @return what collects them
   */
  public Metrics metrics() {
    return metrics;
  }

  /**
   * The event loops that the hub's tunnels run on, for doors to share.
   *
   * @return the group, which the hub stops unless it was given
   * @throws IllegalStateException if the hub is not running
   */
  public EventLoopGroup eventLoops() {
    EventLoopGroup present = loops;
    if (state != State.RUNNING || present == null) {
      throw new IllegalStateException("hub: " + state + " (expected: RUNNING)");
    }
    return present;
  }

  /**
   * By what agents recognise this hub.
   *
   * @return the pin of its certificate authority
   * @throws IllegalStateException if the hub was not started yet
   */
  public CertificatePin pin() {
    return requireAuthority().sha256();
  }

  /**
   * The certificate of this hub's own authority, for those who trust what it issues.
   *
   * @return the CA certificate, whose pin is {@link #pin()}
   * @throws IllegalStateException if the hub was not started yet
   */
  public X509Certificate caCertificate() {
    return requireAuthority().certificate();
  }

  /**
   * Issues a certificate of this hub's own authority, for a front door that has no other.
   *
   * @param names DNS names and IP addresses under which users reach the front door
   * @param life how long it holds
   * @return key and chain
   * @throws IllegalStateException if the hub was not started yet
   */
  public ServerCertificate issueServerCertificate(List<String> names, Duration life) {
    return requireAuthority().issueServer(names, life);
  }

  private CertificateAuthority requireAuthority() {
    CertificateAuthority present = authority;
    if (present == null) {
      throw new IllegalStateException("hub: not started (expected: start() first)");
    }
    return present;
  }

  @Override
  public void close() {
    boolean first;
    synchronized (lifecycle) {
      first = state != State.CLOSED;
      state = State.CLOSED;
      if (first) {
        release();
      }
    }
    if (!first) {
      awaitClosed();
    }
  }

  private void awaitClosed() {
    boolean interrupted = false;
    while (true) {
      try {
        closed.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** In the reverse order of {@link #open}. */
  private void release() {
    registry.drain(settings.drain(), new TransportException("hub: closing"));
    for (HubTransport transport : transports) {
      transport.close();
    }
    ShownCertificate shown = certificate;
    if (shown != null) {
      shown.close();
    }
    EventLoopGroup group = loops;
    if (group != null && group != given) {
      group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }
    followed.close();
    exchanges.close();
    authenticator.close();
    lookups.shutdownNow();
    tunnelMetrics.close();
    audit.close();
    stores.close();
    if (ownedTime != null) {
      ownedTime.close();
    }
    closed.countDown();
  }
}
