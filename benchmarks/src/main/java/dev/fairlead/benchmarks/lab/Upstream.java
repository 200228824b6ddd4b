package dev.fairlead.benchmarks.lab;

import java.nio.file.Path;

/**
 * What an agent carries requests to.
 *
 * @param port on this machine
 * @param authority file with the certificate to be trusted, in PEM
 * @param credential the agent's token
 */
public record Upstream(int port, Path authority, String credential) {

  @Override
  public String toString() {
    return "Upstream[port=" + port + "]";
  }
}
