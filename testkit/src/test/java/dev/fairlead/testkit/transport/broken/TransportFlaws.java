package dev.fairlead.testkit.transport.broken;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.FairleadException;
import dev.fairlead.api.InstallToken;
import dev.fairlead.api.LimitException;
import dev.fairlead.api.TransportException;
import dev.fairlead.api.transport.AgentTransport;
import dev.fairlead.api.transport.Enrolment;
import dev.fairlead.api.transport.HubEndpoint;
import dev.fairlead.api.transport.HubTransport;
import dev.fairlead.api.transport.Peer;
import dev.fairlead.api.transport.Pipe;
import dev.fairlead.api.transport.TlsMaterial;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.X509TrustManager;

/** Transports that trust, start, close, dial or enrol wrongly. */
final class TransportFlaws {

  private static final ClusterName ANY = ClusterName.of("any");

  private TransportFlaws() {}

  private static TlsMaterial trustingAll(TlsMaterial tls) {
    return new TlsMaterial(tls.keyManagers(), List.of(new TrustsAll()));
  }

  private static final class TrustsAll implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  static class TrustsAnyHub extends Flaw {
    @Override
    Pipe dial(AgentTransport agent, TlsMaterial tls) {
      strike();
      return super.dial(agent, trustingAll(tls));
    }

    @Override
    Enrolment enrol(AgentTransport agent, TlsMaterial tls, InstallToken token, byte[] csr) {
      strike();
      return super.enrol(agent, trustingAll(tls), token, csr);
    }
  }

  static class TrustsAnyAgent extends Flaw {
    @Override
    TlsMaterial tls(HubEndpoint endpoint) {
      strike();
      return trustingAll(super.tls(endpoint));
    }
  }

  static class NeedsNoCertificate extends Flaw {
    @Override
    Pipe dial(AgentTransport agent, TlsMaterial tls) {
      if (!tls.keyManagers().isEmpty()) {
        return super.dial(agent, tls);
      }
      strike();
      return memory().agent(ANY, "any").dial(tls);
    }

    @Override
    Enrolment renew(AgentTransport agent, TlsMaterial tls, byte[] csr) {
      if (!tls.keyManagers().isEmpty()) {
        return super.renew(agent, tls, csr);
      }
      strike();
      return memory().agent(ANY, "any").renew(tls, csr);
    }
  }

  static class KeepsTheFirstCertificate extends Flaw {
    private TlsMaterial first;

    @Override
    Pipe dial(AgentTransport agent, TlsMaterial tls) {
      if (first == null) {
        first = tls;
      } else {
        strike();
      }
      return super.dial(agent, first);
    }
  }

  static class SaysSomebodyElseDialled extends Flaw {
    @Override
    void accept(HubEndpoint endpoint, Pipe pipe, Peer peer) {
      strike();
      super.accept(endpoint, pipe, new Peer.Local(ANY, "any"));
    }
  }

  static class AcceptsOneAfterTheOther extends Flaw {
    private final ReentrantLock accepting = new ReentrantLock();

    @Override
    void accept(HubEndpoint endpoint, Pipe pipe, Peer peer) {
      if (accepting.isLocked()) {
        strike();
      }
      accepting.lock();
      try {
        super.accept(endpoint, pipe, peer);
      } finally {
        accepting.unlock();
      }
    }
  }

  static class TellsWhyTheHubFailed extends Flaw {
    @Override
    void accept(HubEndpoint endpoint, Pipe pipe, Peer peer) {
      try {
        super.accept(endpoint, pipe, peer);
      } catch (IllegalStateException failure) {
        strike();
        throw new LimitException(String.valueOf(failure.getMessage()));
      }
    }

    @Override
    Enrolment enrol(AgentTransport agent, TlsMaterial tls, InstallToken token, byte[] csr) {
      try {
        return super.enrol(agent, tls, token, csr);
      } catch (TransportException failure) {
        strike();
        throw new TransportException(String.valueOf(failure.getCause()));
      }
    }
  }

  static class LosesTheRequest extends Flaw {
    @Override
    Enrolment enrol(AgentTransport agent, TlsMaterial tls, InstallToken token, byte[] csr) {
      strike();
      return super.enrol(agent, tls, token, new byte[csr.length]);
    }

    @Override
    Enrolment renew(AgentTransport agent, TlsMaterial tls, byte[] csr) {
      strike();
      return super.renew(agent, tls, new byte[csr.length + 1]);
    }
  }

  static class LosesTheKindOfRefusals extends Flaw {
    @Override
    Enrolment enrol(AgentTransport agent, TlsMaterial tls, InstallToken token, byte[] csr) {
      try {
        return super.enrol(agent, tls, token, csr);
      } catch (FairleadException refusal) {
        strike();
        throw new TransportException(String.valueOf(refusal.getMessage()));
      }
    }
  }

  static class ThrowsAnythingWhenNobodyListens extends Flaw {
    @Override
    Enrolment enrol(AgentTransport agent, TlsMaterial tls, InstallToken token, byte[] csr) {
      try {
        return super.enrol(agent, tls, token, csr);
      } catch (TransportException nobody) {
        strike();
        throw new IllegalStateException(nobody);
      }
    }
  }

  static class DialsOnce extends Flaw {
    private final AtomicInteger dialled = new AtomicInteger();

    @Override
    Pipe dial(AgentTransport agent, TlsMaterial tls) {
      Pipe pipe = super.dial(agent, tls);
      if (dialled.getAndIncrement() > 0) {
        strike();
        pipe.abort(new TransportException("this transport has had its pipe"));
      }
      return pipe;
    }
  }

  static class SwallowsRefusedStarts extends Flaw {
    @Override
    void start(HubTransport hub, HubEndpoint endpoint) {
      try {
        super.start(hub, endpoint);
      } catch (TransportException | IllegalStateException refused) {
        strike();
      }
    }
  }

  static class NeverCloses extends Flaw {
    @Override
    void close(AgentTransport agent) {
      strike();
    }

    @Override
    void close(HubTransport hub) {
      strike();
    }
  }

  /** Waits for the callback that it was called from. */
  static class ClosesOnceItsCallbacksAreDone extends Flaw {
    private final Set<FaithfulPipe> pipes = ConcurrentHashMap.newKeySet();

    @Override
    Pipe atAgent(Pipe pipe) {
      return remember(pipe);
    }

    @Override
    Pipe atHub(Pipe pipe) {
      return remember(pipe);
    }

    private Pipe remember(Pipe pipe) {
      FaithfulPipe known = new FaithfulPipe(pipe, this);
      pipes.add(known);
      return known;
    }

    private boolean isCalledBack() {
      boolean called = pipes.stream().anyMatch(FaithfulPipe::isCallingBack);
      if (called) {
        strike();
      }
      return called;
    }

    @Override
    void close(AgentTransport agent) {
      if (!isCalledBack()) {
        super.close(agent);
      }
    }

    @Override
    void close(HubTransport hub) {
      if (!isCalledBack()) {
        super.close(hub);
      }
    }
  }

  static class ClosesAllAgentsWithOne extends Flaw {
    private final Set<AgentTransport> dialled = ConcurrentHashMap.newKeySet();

    @Override
    Pipe dial(AgentTransport agent, TlsMaterial tls) {
      dialled.add(agent);
      return super.dial(agent, tls);
    }

    @Override
    void close(AgentTransport agent) {
      if (dialled.size() > 1) {
        strike();
      }
      dialled.forEach(AgentTransport::close);
    }
  }
}
