package dev.fairlead.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
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
    // Whoever mends a command line wants to know all that is wrong with it.
    line.getCommandSpec().parser().collectErrors(true);
    line.getSubcommands()
        .values()
        .forEach(sub -> sub.getCommandSpec().parser().collectErrors(true));
    return line.setOut(new PrintWriter(here.out(), true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(here.err(), true, StandardCharsets.UTF_8))
        .setColorScheme(CommandLine.Help.defaultColorScheme(here.colours() ? Ansi.ON : Ansi.OFF))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler((e, given) -> misused(List.of(e), e.getCommandLine(), talk))
        .setExecutionStrategy(parsed -> executed(parsed, talk))
        .setExecutionExceptionHandler((e, failing, parsed) -> failed(e, talk))
        .execute(args);
  }

  private static int executed(ParseResult parsed, Talk talk) {
    List<Exception> mistakes = new ArrayList<>();
    ParseResult at = parsed;
    mistakes.addAll(at.errors());
    while (at.hasSubcommand()) {
      at = at.subcommand();
      at.errors().stream().filter(error -> !mistakes.contains(error)).forEach(mistakes::add);
    }
    if (mistakes.isEmpty() || at.isUsageHelpRequested() || at.isVersionHelpRequested()) {
      return new CommandLine.RunLast().execute(parsed);
    }
    return misused(mistakes, at.commandSpec().commandLine(), talk);
  }

  private static int misused(List<? extends Exception> mistakes, CommandLine where, Talk talk) {
    for (Exception mistake : mistakes) {
      String suggestion =
          mistake instanceof UnmatchedArgumentException unmatched
                  && !unmatched.getSuggestions().isEmpty()
              ? " (did you mean " + unmatched.getSuggestions().get(0) + "?)"
              : "";
      talk.refuse(
          String.valueOf(mistake.getMessage()).replaceAll("\\s*[\\r\\n]+\\s*", " ") + suggestion);
    }
    talk.say("Try '" + where.getCommandSpec().qualifiedName() + " --help' for all options.");
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
