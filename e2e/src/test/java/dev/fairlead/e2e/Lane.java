package dev.fairlead.e2e;

import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;

/**
 * One of the two ways to the API server that are compared: directly, or through the hub. Each has a
 * namespace and files of its own.
 */
record Lane(String namespace, Kubectl kubectl, ControlPlane plane, Path files) {

  /** Whether it does not lead through the hub. */
  boolean isDirect() {
    return !kubectl.flags().isEmpty();
  }

  /** Runs a command that is about the whole cluster. */
  Outcome run(String... arguments) {
    return kubectl.run(arguments);
  }

  /** Runs a command in this lane's namespace. */
  Outcome runHere(String... arguments) {
    return here().run(arguments);
  }

  /** A kubectl in this lane's namespace. */
  Kubectl here() {
    return kubectl.with("--namespace", namespace);
  }

  /** Makes the namespace, and waits until pods can be made in it. */
  Outcome createNamespace() {
    Outcome created = run("create", "namespace", namespace);
    Awaitility.await("service account of " + namespace)
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                plane
                        .admin()
                        .run("--namespace", namespace, "get", "serviceaccount", "default")
                        .exitCode()
                    == 0);
    return created;
  }

  /** A file of the tests' resources. */
  static String manifest(String name) {
    return Tools.checkout().resolve("e2e/src/test/resources/manifests").resolve(name).toString();
  }
}
