package dev.fairlead.examples;

import dev.fairlead.agent.FairleadAgent;
import dev.fairlead.agent.guard.Guard;
import dev.fairlead.agent.upstream.ApiServer;
import dev.fairlead.api.InstallToken;
import dev.fairlead.transport.grpc.GrpcTransport;
import java.nio.file.Path;

/** An agent as a part of a service that runs in, or next to, a cluster. */
final class EmbeddedAgent implements AutoCloseable {

  final FairleadAgent agent;

  EmbeddedAgent(Path directory, String hub, int port, String hubCa, Path kubeconfig) {
    agent =
        FairleadAgent.builder()
            .dial(GrpcTransport.to(hub, port))
            .pinning(hubCa)
            .enrolWith(InstallToken.read(directory.resolve("install-token")))
            .keepIn(directory.resolve("agent"))
            .cluster(ApiServer.kubeconfig(kubeconfig))
            .guard(Guard.deny("exec").in("kube-system"))
            .build();
  }

  void start() {
    agent.start();
  }

  @Override
  public void close() {
    agent.close();
  }
}
