package dev.fairlead.testkit.cluster;

import dev.fairlead.testkit.cluster.object.FieldOwners;
import dev.fairlead.testkit.cluster.object.Patches;
import dev.fairlead.testkit.cluster.object.Schema;
import dev.fairlead.testkit.cluster.store.ObjectStore;
import dev.fairlead.testkit.cluster.wire.Reply;
import dev.fairlead.testkit.cluster.wire.WireRequest;
import dev.fairlead.testkit.cluster.wire.WireServer;
import dev.fairlead.testkit.cluster.workload.Controllers;
import dev.fairlead.testkit.cluster.workload.Defaults;
import dev.fairlead.testkit.cluster.workload.Deletion;
import dev.fairlead.testkit.cluster.workload.Names;
import dev.fairlead.testkit.cluster.workload.PodLogs;
import dev.fairlead.testkit.cluster.workload.Seed;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A Kubernetes API server inside this JVM, over TLS with HTTP/1.1 and HTTP/2.
 *
 * <pre>{@code
 * try (DemoCluster cluster = DemoCluster.builder().build()) {
 *   cluster.start();
 *   Files.writeString(path, cluster.kubeconfig()); // kubectl --kubeconfig path get pods -A
 * }
 * }</pre>
 *
 * <p>All methods are safe for concurrent use. A cluster is started once; {@link #close} may be
 * called at any time and any number of times, and leaves no thread and no socket behind.
 */
public final class DemoCluster implements AutoCloseable {
  private static final int LOG_LINES = 1000;
  private static final String ADMIN = "kubernetes-admin";

  private final InetAddress address;
  private final int port;
  private final Duration chatterEvery;
  private final SslContext tls;
  private final Certificates certificates;
  private final Certificates.Issued admin;
  private final String adminToken;
  private final PodLogs logs;
  private final RequestLog requests;
  private final ApiServer api;
  private final Object lifecycle = new Object();
  private @Nullable WireServer server;
  private @Nullable Chatter chatter;
  private boolean closed;

  private DemoCluster(Builder settings) {
    address = settings.address;
    port = settings.port;
    chatterEvery = settings.chatter;
    Clock clock = settings.clock;
    certificates = new Certificates(clock);
    tls = Tls.server(certificates.server(address), certificates.authority());
    admin = certificates.client(ADMIN, List.of(Caller.MASTERS));
    byte[] token = new byte[24];
    new SecureRandom().nextBytes(token);
    adminToken = HexFormat.of().formatHex(token);
    Map<String, Caller> tokens = new HashMap<>(settings.tokens);
    tokens.put(
        adminToken, new Caller(ADMIN, "", List.of(Caller.MASTERS, Caller.AUTHENTICATED), Map.of()));

    ObjectStore store = new ObjectStore(clock, settings.history);
    logs = new PodLogs(clock, LOG_LINES);
    Names names = new Names(new SplittableRandom());
    Defaults defaults = new Defaults();
    new Controllers(store, logs, names);
    new Seed(store, defaults).plant();

    Schema schema = Schema.load();
    Bodies bodies = new Bodies(schema);
    Tables tables = new Tables(clock);
    requests = new RequestLog(settings.recorded);
    Writes writes = new Writes(store, new FieldOwners(schema), defaults, names);
    Resources resources =
        new Resources(
            store,
            writes,
            new Patches(schema),
            new Deletion(store),
            new Lists(store, tables),
            bodies,
            tables);
    Authorization authorization = new Authorization(settings.rule);
    api =
        new ApiServer(
            new Authentication(tokens),
            authorization,
            requests,
            new Discovery(schema),
            resources,
            new PodStreams(store, logs, clock),
            new Reviews(authorization, bodies));
  }

  /**
   * Begins a cluster.
   *
   * @return a builder with everything set to its default
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Starts listening.
   *
   * @return this
   * @throws IOException when the port cannot be had
   * @throws IllegalStateException when it was started or closed before
   */
  public DemoCluster start() throws IOException {
    synchronized (lifecycle) {
      if (server != null || closed) {
        throw new IllegalStateException(
            "the cluster was " + (closed ? "closed" : "started") + " before (expected: new)");
      }
      server = WireServer.listen(tls, api, address, port);
      if (!chatterEvery.isZero()) {
        chatter = new Chatter(logs, chatterEvery);
      }
      return this;
    }
  }

  /**
   * Answers a request without a connection, as if it had come over one. The cluster need not be
   * started.
   *
   * @param request the request; it authenticates itself by a bearer token
   * @return the reply
   */
  public Reply answer(WireRequest request) {
    return api.answer(request);
  }

  /** Ends every connection and stops listening; does nothing when that was done before. */
  @Override
  public void close() {
    WireServer listening;
    synchronized (lifecycle) {
      closed = true;
      listening = server;
      server = null;
      if (chatter != null) {
        chatter.close();
        chatter = null;
      }
    }
    if (listening != null) {
      listening.close();
    }
  }

  /**
   * The port it listens on.
   *
   * @return the port
   * @throws IllegalStateException when it is not running
   */
  public int port() {
    synchronized (lifecycle) {
      if (server == null) {
        throw new IllegalStateException("the cluster is not running (expected: started)");
      }
      return server.port();
    }
  }

  /**
   * Where it listens.
   *
   * @return an https URL with port and without path
   * @throws IllegalStateException when it is not running
   */
  public String url() {
    return "https://" + address.getHostAddress() + ":" + port();
  }

  /**
   * The certificate authority of its server certificate and its client certificates.
   *
   * @return the certificate in PEM
   */
  public String caCertificate() {
    try {
      return Certificates.pem("CERTIFICATE", certificates.authority().getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("the authority's certificate cannot be encoded", e);
    }
  }

  /**
   * A kubeconfig of the administrator, who may do everything and impersonate anybody. It holds a
   * private key.
   *
   * @return YAML with certificates and key embedded
   * @throws IllegalStateException when the cluster is not running
   */
  public String kubeconfig() {
    return Kubeconfig.of(url(), caCertificate(), ADMIN, admin);
  }

  /**
   * A kubeconfig of any other user, with a client certificate made for it. It holds a private key.
   *
   * @param user user name
   * @param groups groups besides {@code system:authenticated}
   * @return YAML with certificates and key embedded
   * @throws IllegalStateException when the cluster is not running
   */
  public String kubeconfig(String user, List<String> groups) {
    return Kubeconfig.of(url(), caCertificate(), user, certificates.client(user, groups));
  }

  /**
   * The administrator's bearer token.
   *
   * @return a secret
   */
  public String adminToken() {
    return adminToken;
  }

  /**
   * The requests it saw: its audit log. Only the latest are kept.
   *
   * @return the requests, oldest first
   */
  public List<RecordedRequest> requests() {
    return requests.all();
  }

  /**
   * Writes a line to the log of a pod's every container; does nothing when there is no such pod.
   *
   * @param namespace the pod's namespace
   * @param pod the pod's name
   * @param line the line, without its end
   */
  public void appendLog(String namespace, String pod, String line) {
    logs.append(namespace, pod, line);
  }

  /** Settings of a cluster; not safe for concurrent use. */
  public static final class Builder {
    private InetAddress address;
    private int port;
    private int history = 4096;
    private int recorded = 1024;
    private Duration chatter = Duration.ZERO;
    private Clock clock = Clock.systemUTC();
    private AccessRule rule = AccessRule.ordinary();
    private final Map<String, Caller> tokens = new HashMap<>();

    private Builder() {
      try {
        address = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /**
     * Sets where to listen.
     *
     * @param address an address of this machine; 127.0.0.1 when not set
     * @return this
     */
    public Builder address(InetAddress address) {
      this.address = Objects.requireNonNull(address, "address");
      return this;
    }

    /**
     * Sets the port to listen on.
     *
     * @param port 0-65535; 0, the default, takes a free one
     * @return this
     * @throws IllegalArgumentException when it is out of range
     */
    public Builder port(int port) {
      this.port = inRange("port", port, 0, 65535);
      return this;
    }

    /**
     * Sets how many changes a watch may lag behind before its version expires.
     *
     * @param changes 1-1000000; 4096 when not set
     * @return this
     * @throws IllegalArgumentException when it is out of range
     */
    public Builder history(int changes) {
      this.history = inRange("history", changes, 1, 1_000_000);
      return this;
    }

    /**
     * Sets how many requests are kept for {@link DemoCluster#requests}.
     *
     * @param requests 1-1000000; 1024 when not set
     * @return this
     * @throws IllegalArgumentException when it is out of range
     */
    public Builder recordedRequests(int requests) {
      this.recorded = inRange("recordedRequests", requests, 1, 1_000_000);
      return this;
    }

    /**
     * Lets a pod of the shop log a line now and then, so that {@code logs -f} shows something.
     *
     * @param every time between lines, at least a millisecond; zero, the default, for none
     * @return this
     */
    public Builder chatter(Duration every) {
      this.chatter = Objects.requireNonNull(every, "every");
      return this;
    }

    /**
     * Sets the time of creation timestamps, events and log lines.
     *
     * @param clock the clock; the system's when not set
     * @return this
     */
    public Builder clock(Clock clock) {
      this.clock = Objects.requireNonNull(clock, "clock");
      return this;
    }

    /**
     * Sets what users outside {@code system:masters} may do.
     *
     * @param rule the rule; {@link AccessRule#ordinary} when not set
     * @return this
     */
    public Builder access(AccessRule rule) {
      this.rule = Objects.requireNonNull(rule, "rule");
      return this;
    }

    /**
     * Adds a user who authenticates by bearer token.
     *
     * @param token the token, not empty
     * @param user user name
     * @param groups groups besides {@code system:authenticated}
     * @return this
     */
    public Builder user(String token, String user, List<String> groups) {
      if (token.isBlank() || user.isBlank()) {
        throw new IllegalArgumentException("a user without token or name (expected: both)");
      }
      List<String> all = new ArrayList<>(groups);
      all.add(Caller.AUTHENTICATED);
      tokens.put(token, new Caller(user, "", List.copyOf(all), Map.of()));
      return this;
    }

    /**
     * Makes the cluster with its first objects; it listens after {@link DemoCluster#start}.
     *
     * @return a new cluster
     */
    public DemoCluster build() {
      return new DemoCluster(this);
    }

    private static int inRange(String name, int value, int least, int most) {
      if (value < least || value > most) {
        throw new IllegalArgumentException(
            "%s: %d (expected: %d-%d)".formatted(name, value, least, most));
      }
      return value;
    }
  }
}
