package dev.fairlead.e2e;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * Go's client, which controllers and kubectl stand on, at an API server that streams lists and
 * speaks CBOR, and that holds 20,000 objects.
 */
class ClientGoIT extends ClientComparison {

  private ControlPlane own;
  private Path program;

  @BeforeAll
  void start() {
    program = GoProgram.build("clientgo");
    own =
        ControlPlane.withFeatures(
            Places.directory("client-go"), "WatchList=true", "CBORServingAndStorage=true");
    own.bindUsers();
    start(own);
    own.admin().run("create", "namespace", "many").succeeded();
    Command.of(
            program, "-kubeconfig", own.adminKubeconfig().toString(), "-namespace", "many", "fill")
        .run(java.time.Duration.ofMinutes(4))
        .succeeded();
  }

  @AfterAll
  void stopCluster() {
    own.close();
  }

  @Override
  String client() {
    return "client-go 0.33.13";
  }

  @Override
  boolean impersonates() {
    return true;
  }

  @Override
  List<String> commands() {
    return List.of(
        "informer",
        "informer with WatchList",
        "protobuf",
        "cbor",
        "leader-election",
        "exec",
        "port-forward",
        "fallback to SPDY",
        "crd",
        "discovery",
        "large",
        "pages",
        "expired");
  }

  @Override
  Command command(String command, Path kubeconfig, String namespace) {
    String name = command.replaceAll(" .*", "");
    if (name.equals("expired")) {
      own.compact();
    }
    return Command.of(program, "-kubeconfig", kubeconfig.toString())
        .with("-namespace", name.equals("pages") ? "many" : namespace, name)
        .env("KUBE_FEATURE_WatchListClient", Boolean.toString(command.endsWith("WatchList")))
        .env("KUBE_FEATURE_ClientsAllowCBOR", Boolean.toString(name.equals("cbor")))
        .env("KUBE_FEATURE_ClientsPreferCBOR", Boolean.toString(name.equals("cbor")));
  }
}
