package dev.fairlead.examples.program;

/** A program cannot go on; the message is a sentence that says why and what to do. */
public final class Refusal extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * Refuses.
   *
   * @param sentence why, and what to do
   */
  public Refusal(String sentence) {
    super(sentence);
  }
}
