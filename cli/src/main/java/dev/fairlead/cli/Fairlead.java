package dev.fairlead.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code fairlead} command. */
@Command(
    name = "fairlead",
    mixinStandardHelpOptions = true,
    versionProvider = Fairlead.Version.class,
    description = "Signs you in at a Fairlead hub, and leads kubectl to your clusters.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Begin with:  fairlead login --hub https://hub.example.com",
      "then:        fairlead kubeconfig",
      "",
      "Exit codes: 0 done, 1 failed, 2 misused, 3 you have to sign in."
    })
public final class Fairlead implements Callable<Integer> {

  private static final int FAILED = 1;
  private static final int MISUSED = 2;
  private static final int SIGN_IN_NEEDED = 3;

  @Spec private CommandSpec spec;

  private Fairlead() {}

  /**
   * Runs the program, and ends the process.
   *
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    System.exit(run(Surroundings.ofProcess(), args));
  }

  /** Runs a command line, and returns the exit code. */
  static int run(Surroundings here, String... args) {
    Talk talk = here.talk();
    CommandLine line =
        new CommandLine(new Fairlead())
            .addSubcommand(new LoginCommand(here))
            .addSubcommand(new LogoutCommand(here))
            .addSubcommand(new WhoamiCommand(here))
            .addSubcommand(new ClustersCommand(here))
            .addSubcommand(new KubeconfigCommand(here))
            .addSubcommand(new CredentialCommand(here));
    return line.setOut(new PrintWriter(here.out(), true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(here.err(), true, StandardCharsets.UTF_8))
        .setColorScheme(CommandLine.Help.defaultColorScheme(here.colours() ? Ansi.ON : Ansi.OFF))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler((e, given) -> misused(e, talk))
        .setExecutionExceptionHandler((e, failing, parsed) -> failed(e, talk))
        .execute(args);
  }

  private static int misused(ParameterException failure, Talk talk) {
    String suggestion =
        failure instanceof UnmatchedArgumentException unmatched
                && !unmatched.getSuggestions().isEmpty()
            ? " (did you mean " + unmatched.getSuggestions().get(0) + "?)"
            : "";
    String name = failure.getCommandLine().getCommandSpec().qualifiedName();
    talk.refuse(
        String.valueOf(failure.getMessage()).replaceAll("\\s*[\\r\\n]+\\s*", " ") + suggestion);
    talk.say("Try '" + name + " --help' for all options.");
    return MISUSED;
  }

  private static int failed(Exception failure, Talk talk) {
    if (failure instanceof Refusal refusal) {
      talk.refuse(String.valueOf(refusal.getMessage()));
      return refusal instanceof Refusal.SignInNeeded ? SIGN_IN_NEEDED : FAILED;
    }
    // The message of what nobody thought of may have anything in it, a token for one.
    StackTraceElement[] at = failure.getStackTrace();
    talk.refuse(
        "unexpected: "
            + failure.getClass().getName()
            + (at.length == 0 ? "" : " at " + at[0])
            + "; please report this");
    return FAILED;
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getOut());
    return 0;
  }

  /** The version in the jar that the program is in. */
  static final class Version implements IVersionProvider {

    Version() {}

    @Override
    public String[] getVersion() {
      String version = Fairlead.class.getPackage().getImplementationVersion();
      return new String[] {"fairlead " + (version == null ? "(not from a jar)" : version)};
    }
  }
}
