package dev.fairlead.benchmarks.node;

import dev.fairlead.api.InstallToken;
import dev.fairlead.api.LimitException;
import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.Enrolment;
import dev.fairlead.api.transport.TlsMaterial;
import dev.fairlead.core.time.SystemTime;
import dev.fairlead.pki.AgentCredentials;
import dev.fairlead.pki.AgentKeys;
import dev.fairlead.pki.CertificatePin;
import io.netty.channel.EventLoopGroup;
import java.nio.file.Files;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Many agents' tunnels in one process, each with a certificate and a connection of its own. They
 * have no API server, so what they cost is the tunnel and nothing else.
 */
final class FleetRole implements Node.Role {

  private static final int AT_ONCE = 8;
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final EventLoopGroup loops;
  private final SystemTime time = new SystemTime();
  private final AgentTransport transport;
  private final List<FleetMember> members = new ArrayList<>();
  private final FleetCount open = new FleetCount();
  private final DialTurns turns = new DialTurns();

  FleetRole(NodeOptions options) throws Exception {
    loops = Node.loops(options.number("loops"));
    transport = options.carrier().agent(options.number("hub"), loops);
    CertificatePin pin = CertificatePin.parse(options.text("pin"));
    ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
    try {
      List<Future<TlsMaterial>> enrolled = new ArrayList<>();
      for (String token : Files.readAllLines(options.path("tokens"))) {
        Callable<TlsMaterial> task = () -> enrol(pin, InstallToken.parse(token));
        enrolled.add(threads.submit(task));
      }
      for (Future<TlsMaterial> tls : enrolled) {
        members.add(new FleetMember(transport, tls.get(), loops.next(), time, open, turns));
      }
    } finally {
      threads.shutdown();
      threads.awaitTermination(1, TimeUnit.MINUTES);
    }
  }

  private TlsMaterial enrol(CertificatePin pin, InstallToken token) {
    AgentKeys keys = AgentKeys.inMemory(new SecureRandom());
    KeyPair pair = keys.newKeyPair();
    TlsMaterial trust = new TlsMaterial(List.of(), List.of(pin.trustManager(time)));
    Enrolment enrolment = certified(trust, token, keys.csr(pair));
    List<X509Certificate> chain = enrolment.chain();
    AgentCredentials own =
        AgentCredentials.of(pair.getPrivate(), chain.get(0), chain.get(chain.size() - 1));
    return new TlsMaterial(List.of(own.keyManagers()), List.of(own.trustManagers(time)));
  }

  /** The hub issues so many a second, and tells who is too fast to pause. */
  private Enrolment certified(TlsMaterial trust, InstallToken token, byte[] csr) {
    while (true) {
      try {
        return transport.enrol(trust, token, csr);
      } catch (LimitException tooFast) {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  @Override
  public String ready() {
    return "agents=" + members.size();
  }

  /**
   * {@code connect SECONDS} dials for all and waits until each has a tunnel; {@code storm SECONDS}
   * breaks all tunnels at once and waits until each agent is back. Both tell how long it took.
   */
  @Override
  public String command(String name, String argument) throws InterruptedException {
    long begun = System.nanoTime();
    switch (name) {
      case "connect" -> members.forEach(FleetMember::connect);
      case "storm" -> members.forEach(FleetMember::breakOff);
      default -> throw new IllegalArgumentException("command: " + name);
    }
    open.await(members.size(), Integer.parseInt(argument));
    return "seconds=" + (System.nanoTime() - begun) / 1e9;
  }

  @Override
  public void close() {
    members.forEach(FleetMember::close);
    transport.close();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    time.close();
  }
}
