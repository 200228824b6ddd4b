package dev.fairlead.examples.program;

/** What a program does, apart from reading its options, which are picocli's annotated fields. */
public interface Service {

  /**
   * Looks at the options, and reads the files they name, before anything is done. Options that
   * could not be understood have no value then.
   *
   * @param mistakes gets all that is wrong; if there is anything, the service does not run
   */
  default void check(Mistakes mistakes) {}

  /**
   * Runs until it is done, or until the lifetime ends.
   *
   * @param lifetime gets everything that has to be closed
   * @param screen standard output
   * @return the program's exit code
   * @throws Exception if it fails; its message is shown as the reason
   */
  int run(Lifetime lifetime, Screen screen) throws Exception;

  /**
   * The exit code after Ctrl-C or SIGTERM.
   *
   * @return 0 for a service, for which that is the ordinary end
   */
  default int codeWhenStopped() {
    return Program.DONE;
  }
}
