package dev.fairlead.e2e;

import java.util.Set;
import java.util.function.Function;

/** A command that is run in both lanes, and how it has to end in both. */
record Step(String title, boolean succeeds, Function<Lane, Outcome> action) {

  /** A command about the whole cluster that succeeds. */
  static Step works(String... arguments) {
    return new Step(String.join(" ", arguments), true, lane -> lane.run(arguments));
  }

  /** A command about the whole cluster that fails. */
  static Step fails(String... arguments) {
    return new Step(String.join(" ", arguments), false, lane -> lane.run(arguments));
  }

  /** A command in the lane's namespace that succeeds. */
  static Step worksHere(String... arguments) {
    return new Step(String.join(" ", arguments), true, lane -> lane.runHere(arguments));
  }

  /** A command in the lane's namespace that fails. */
  static Step failsHere(String... arguments) {
    return new Step(String.join(" ", arguments), false, lane -> lane.runHere(arguments));
  }

  /** Something longer that succeeds. */
  static Step works(String title, Function<Lane, Outcome> action) {
    return new Step(title, true, action);
  }

  /** Something that goes on until it is interrupted, which kubectl takes for a failure. */
  static Step interrupted(String title, Function<Lane, Outcome> action) {
    return new Step(title, false, action);
  }

  /** The same with a title that was not given before. */
  Step unlike(Set<String> titles) {
    String other = title;
    while (!titles.add(other)) {
      other += ", again";
    }
    return new Step(other, succeeds, action);
  }
}
