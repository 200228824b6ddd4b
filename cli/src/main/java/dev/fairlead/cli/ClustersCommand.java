package dev.fairlead.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists the clusters somebody may use. */
@Command(
    name = "clusters",
    mixinStandardHelpOptions = true,
    description = "Lists the clusters you may use.")
final class ClustersCommand implements Callable<Integer> {

  private final Surroundings here;

  @Mixin private HubOption hub;

  ClustersCommand(Surroundings here) {
    this.here = here;
  }

  @Override
  public Integer call() {
    HubAddress at = hub.resolve(here, here.sessions());
    Session session = here.renewal().fresh(at);
    List<ListedCluster> clusters =
        new HubCalls(at, Authorities.of(session.ca())).clusters(session.tokens().access());
    if (clusters.isEmpty()) {
      here.talk().say("There is no cluster you may use; ask whoever runs " + at + " for a role.");
      return 0;
    }
    int width = 4;
    for (ListedCluster one : clusters) {
      width = Math.max(width, one.name().value().length());
    }
    String row = "%-" + width + "s  %s  %s";
    here.out().println(row.formatted("NAME", "STATUS   ", "VERSION"));
    for (ListedCluster one : clusters) {
      String line = row.formatted(one.name(), status(one.status()), one.version());
      here.out().println(line.stripTrailing());
    }
    return 0;
  }

  private String status(String status) {
    String padded = "%-9s".formatted(status);
    if (!here.colours()) {
      return padded;
    }
    String colour = status.equals("connected") ? "32" : status.equals("offline") ? "31" : "33";
    return "\u001b[" + colour + "m" + padded + "\u001b[0m";
  }
}
