package dev.fairlead.core.door;

import java.util.Objects;

/** A request that pages refuse, with the answer that says so. */
public final class RestProblemException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient RestAnswer answer;

  /**
   * Refuses with a problem.
   *
   * @param status 400 to 599
   * @param detail what was found and what was expected, without secrets
   */
  public RestProblemException(int status, String detail) {
    this(RestAnswer.problem(status, detail), detail);
  }

  /**
   * Refuses with an answer.
   *
   * @param answer what the client is told
   * @param message what it says, without secrets
   */
  public RestProblemException(RestAnswer answer, String message) {
    super(message);
    this.answer = Objects.requireNonNull(answer, "answer");
  }

  /**
   * What the client is told.
   *
   * @return the answer
   */
  public RestAnswer answer() {
    return answer;
  }
}
