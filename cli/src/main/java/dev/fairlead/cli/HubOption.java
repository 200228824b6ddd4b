package dev.fairlead.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which hub a command is about. */
final class HubOption {

  @Option(
      names = "--hub",
      paramLabel = "URL",
      description = "the hub; else $$FAIRLEAD_HUB, else the one you signed in at last")
  private @Nullable String hub;

  HubAddress resolve(Surroundings here, Sessions sessions) {
    if (hub != null) {
      return HubAddress.parse(hub);
    }
    return here.variable("FAIRLEAD_HUB")
        .map(HubAddress::parse)
        .or(sessions::current)
        .orElseThrow(
            () -> new Refusal("no hub is known; sign in with: fairlead login --hub https://HOST"));
  }
}
