package dev.fairlead.testkit.transport;

import dev.fairlead.api.InstallToken;
import dev.fairlead.api.transport.Enrolment;
import dev.fairlead.api.transport.HubEndpoint;
import dev.fairlead.api.transport.Peer;
import dev.fairlead.api.transport.Pipe;
import dev.fairlead.api.transport.TlsMaterial;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;

/** A hub that does what a case says. */
final class FakeEndpoint implements HubEndpoint {

  private final TlsMaterial tls;
  private final BiConsumer<Pipe, Peer> accept;
  private BiFunction<InstallToken, byte[], Enrolment> enrol = (token, csr) -> unexpected("enrol");
  private BiFunction<Peer, byte[], Enrolment> renew = (peer, csr) -> unexpected("renew");

  FakeEndpoint(TlsMaterial tls, BiConsumer<Pipe, Peer> accept) {
    this.tls = tls;
    this.accept = accept;
  }

  FakeEndpoint enrolling(BiFunction<InstallToken, byte[], Enrolment> answer) {
    enrol = answer;
    return this;
  }

  FakeEndpoint renewing(BiFunction<Peer, byte[], Enrolment> answer) {
    renew = answer;
    return this;
  }

  private static Enrolment unexpected(String call) {
    throw new AssertionError("unexpected " + call);
  }

  @Override
  public TlsMaterial tls() {
    return tls;
  }

  @Override
  public Enrolment enrol(InstallToken token, byte[] csr) {
    return enrol.apply(token, csr);
  }

  @Override
  public Enrolment renew(Peer peer, byte[] csr) {
    return renew.apply(peer, csr);
  }

  @Override
  public void accept(Pipe pipe, Peer peer) {
    accept.accept(pipe, peer);
  }
}
