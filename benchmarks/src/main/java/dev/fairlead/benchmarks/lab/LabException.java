package dev.fairlead.benchmarks.lab;

/** A measurement cannot be made; the message says why, and what to do. */
public final class LabException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** Says why. */
  public LabException(String message) {
    super(message);
  }

  /** Says why. */
  public LabException(String message, Throwable cause) {
    super(message, cause);
  }
}
