package dev.fairlead.cli;

/** The program cannot go on; the message is a sentence that says why and what to do. */
class Refusal extends RuntimeException {

  private static final long serialVersionUID = 1L;

  Refusal(String sentence) {
    super(sentence);
  }

  Refusal(String sentence, Throwable cause) {
    super(sentence, cause);
  }

  /** Whoever was asked could not be reached, or is out of order; it may work later. */
  static final class Unreachable extends Refusal {

    private static final long serialVersionUID = 1L;

    Unreachable(String sentence) {
      super(sentence);
    }

    Unreachable(String sentence, Throwable cause) {
      super(sentence, cause);
    }
  }

  /** Only signing in helps. */
  static final class SignInNeeded extends Refusal {

    private static final long serialVersionUID = 1L;

    SignInNeeded(String why, HubAddress hub) {
      super(why + "; sign in with: fairlead login --hub " + hub);
    }
  }
}
