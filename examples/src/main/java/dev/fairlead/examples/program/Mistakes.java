package dev.fairlead.examples.program;

import dev.fairlead.api.InvalidException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** All that is wrong with what a program was told, found before it does anything. */
public final class Mistakes {

  private final List<String> sentences = new ArrayList<>();
  private boolean misused;

  /** None yet. */
  public Mistakes() {}

  /**
   * Adds one that the command line itself shows.
   *
   * @param sentence which option, what was found and what was expected
   */
  public void add(String sentence) {
    misused = true;
    sentences.add(sentence);
  }

  /**
   * Adds a number that is out of range.
   *
   * @param option the option
   * @param found what was given
   * @param least what it has to be at least
   * @param most what it has to be at most
   */
  public void requireWithin(String option, int found, int least, int most) {
    if (found < least || found > most) {
      add(option + ": " + found + " (expected: " + least + "-" + most + ")");
    }
  }

  /**
   * Makes something of an option's text.
   *
   * @param option the option
   * @param making what may throw
   * @return what was made, or empty if that is a mistake
   * @param <T> of what type
   */
  public <T> Optional<T> understand(String option, Callable<T> making) {
    try {
      return Optional.of(making.call());
    } catch (InvalidException | Refusal e) {
      add(option + ": " + e.getMessage());
    } catch (Exception e) {
      add(option + ": " + Sentence.of(e));
    }
    return Optional.empty();
  }

  /**
   * Reads what an option names, which may be missing or wrong though the command line is right.
   *
   * @param option the option
   * @param reading what may throw
   * @return what was read, or empty if that is a mistake
   * @param <T> of what type
   */
  public <T> Optional<T> read(String option, Callable<T> reading) {
    try {
      return Optional.of(reading.call());
    } catch (Exception e) {
      sentences.add(option + ": " + Sentence.of(e));
    }
    return Optional.empty();
  }

  /**
   * Looks whether a file can be read that is opened later.
   *
   * @param option the option
   * @param file what it names, or null if it was not given
   */
  public void requireReadable(String option, @Nullable Path file) {
    if (file != null) {
      read(
          option,
          () -> {
            Files.newInputStream(file).close();
            return file;
          });
    }
  }

  /** Whether there is none. */
  boolean isEmpty() {
    return sentences.isEmpty();
  }

  /** Whether the command line itself is wrong. */
  boolean isMisuse() {
    return misused;
  }

  List<String> sentences() {
    return List.copyOf(sentences);
  }
}
