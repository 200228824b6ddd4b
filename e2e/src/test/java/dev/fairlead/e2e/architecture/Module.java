package dev.fairlead.e2e.architecture;

import java.util.Set;

/** The modules, each with its directory, its root package and the modules it may know. */
enum Module {
  API("api", "api"),
  PKI("pki", "pki", API),
  CORE("core", "core", PKI, API),
  TRANSPORT_GRPC("transport-grpc", "transport.grpc", CORE, PKI, API),
  AUTH_OIDC("auth-oidc", "auth.oidc", API),
  AUTH_LOCAL("auth-local", "auth.local", CORE, PKI, API),
  TRANSPORT_WEBSOCKET("transport-websocket", "transport.websocket", CORE, PKI, API),
  GATEWAY("gateway", "gateway", CORE, PKI, API),
  AGENT_RUNTIME("agent-runtime", "agent", CORE, PKI, API),
  CLIENT_FABRIC8("client-fabric8", "client.fabric8", CORE, PKI, API),
  TESTKIT("testkit", "testkit", CORE, PKI, API),
  CLI("cli", "cli", CORE, PKI, API),
  EXAMPLES(
      "examples",
      "examples",
      TESTKIT,
      CLIENT_FABRIC8,
      AGENT_RUNTIME,
      GATEWAY,
      AUTH_OIDC,
      AUTH_LOCAL,
      TRANSPORT_GRPC,
      TRANSPORT_WEBSOCKET,
      CORE,
      PKI,
      API);

  final String directory;
  final String root;
  private final Set<Module> knows;

  Module(String directory, String root, Module... knows) {
    this.directory = directory;
    this.root = "dev.fairlead." + root;
    this.knows = Set.of(knows);
  }

  boolean mayKnow(Module other) {
    return other == this || knows.contains(other);
  }

  boolean owns(String packageName) {
    return packageName.equals(root) || packageName.startsWith(root + ".");
  }
}
