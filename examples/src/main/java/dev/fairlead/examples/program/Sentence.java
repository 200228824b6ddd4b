package dev.fairlead.examples.program;

import dev.fairlead.api.FairleadException;
import dev.fairlead.pki.PkiException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** A failure as one sentence for whoever runs the program. */
final class Sentence {

  private Sentence() {}

  /**
   * Words a failure.
   *
   * @param failure what was thrown
   * @return what was found, and what to do as far as the failure tells
   */
  static String of(Throwable failure) {
    Throwable cause = unwrap(failure);
    String message = String.valueOf(cause.getMessage());
    if (cause instanceof NoSuchFileException) {
      return message
          + " does not exist (expected: a file that can be read, in a directory that exists)";
    }
    if (cause instanceof AccessDeniedException) {
      return message + " must not be touched by this user (change its owner or mode)";
    }
    if (cause instanceof FileAlreadyExistsException) {
      return message + " exists already (remove it, or choose another file)";
    }
    if (cause instanceof NotDirectoryException) {
      return message + " is no directory (choose another place)";
    }
    return isWorded(cause) ? message : "unexpected: " + cause;
  }

  /**
   * Whether a failure's message was written for people, so that its stack trace tells nothing more.
   *
   * @param failure what was thrown
   * @return false for what points to a mistake in the program
   */
  static boolean isWorded(Throwable failure) {
    Throwable cause = unwrap(failure);
    return cause instanceof FairleadException
        || cause instanceof PkiException
        || cause instanceof Refusal
        || cause instanceof IOException;
  }

  private static Throwable unwrap(Throwable failure) {
    Throwable at = failure;
    while ((at instanceof CompletionException || at instanceof ExecutionException)
        && at.getCause() != null) {
      at = at.getCause();
    }
    return at;
  }
}
