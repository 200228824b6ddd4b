package dev.fairlead.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Tells who is signed in. */
@Command(
    name = "whoami",
    mixinStandardHelpOptions = true,
    description = "Tells who you are for the hub.")
final class WhoamiCommand implements Callable<Integer> {

  private final Surroundings here;

  @Mixin private HubOption hub;

  WhoamiCommand(Surroundings here) {
    this.here = here;
  }

  @Override
  public Integer call() {
    HubAddress at = hub.resolve(here, here.sessions());
    Session session = here.renewal().fresh(at);
    HubCalls.Whoami who =
        new HubCalls(at, Authorities.of(session.ca())).whoami(session.tokens().access());
    here.out().println("user    " + Answer.printable(who.username()));
    if (!who.groups().isEmpty()) {
      here.out().println("groups  " + Answer.printable(String.join(", ", who.groups())));
    }
    here.out().println("hub     " + at);
    here.out().println("sign-in " + described(session));
    return 0;
  }

  private String described(Session session) {
    String how =
        session.origin() instanceof Origin.AtIssuer issuer
            ? "at " + issuer.issuer()
            : session.origin() instanceof Origin.LocalAccount ? "with a password" : "with a token";
    Instant end = session.tokens().expiresAt();
    if (end == null) {
      return how;
    }
    if (session.tokens().refresh() != null) {
      return how + ", renewed as needed";
    }
    Duration left = Duration.between(here.clock().instant(), end);
    return how + ", for " + left.toMinutes() + " more minutes";
  }
}
