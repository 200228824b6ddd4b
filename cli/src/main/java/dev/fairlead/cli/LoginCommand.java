package dev.fairlead.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Signs somebody in at a hub. */
@Command(
    name = "login",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Signs you in at a hub.",
      "",
      "The hub says which ways there are: a browser on this machine, a code to type into a browser"
          + " anywhere, or a password."
    },
    footer = {
      "",
      "  fairlead login --hub https://hub.example.com",
      "  fairlead login --hub https://hub.example.com --method device",
      "  fairlead login --hub https://hub.example.com --email me@example.com"
    })
final class LoginCommand implements Callable<Integer> {

  /** How. */
  enum Method {
    BROWSER,
    DEVICE,
    PASSWORD;

    /** As it is typed. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** By whom the hub is certified. */
  static final class HubTrust {
    @Option(
        names = "--ca",
        paramLabel = "FILE",
        description = "by whom the hub's certificate is trusted, in PEM (default: the system's)")
    private @Nullable Path file;

    @Option(
        names = "--ca-sha256",
        paramLabel = "PIN",
        description = "the SHA-256 of the hub's CA certificate, as the hub shows it at its start")
    private @Nullable String pin;
  }

  private final Surroundings here;

  @Mixin private HubOption hub;

  @ArgGroup private @Nullable HubTrust trust;

  @Option(
      names = "--method",
      paramLabel = "METHOD",
      description = "${COMPLETION-CANDIDATES} (default: what fits, of what the hub offers)")
  private @Nullable Method method;

  @Option(
      names = {"--email", "--user"},
      paramLabel = "NAME",
      description = "whose password it is; implies --method password")
  private @Nullable String user;

  @Option(
      names = "--password-stdin",
      description = "takes the password from standard input rather than asking for it")
  private boolean passwordFromInput;

  @Option(
      names = "--token-stdin",
      description = "takes a token you have, such as an API key, from standard input")
  private boolean tokenFromInput;

  @Option(
      names = "--issuer",
      paramLabel = "URL",
      description = "which OpenID Connect issuer, where the hub has several")
  private @Nullable String issuer;

  @Option(
      names = "--client-id",
      paramLabel = "ID",
      description = "as which client, where the hub does not say")
  private @Nullable String clientId;

  @Option(
      names = "--issuer-ca",
      paramLabel = "FILE",
      description = "by whom the issuer's certificate is trusted, in PEM (default: the system's)")
  private @Nullable Path issuerCa;

  LoginCommand(Surroundings here) {
    this.here = here;
  }

  @Override
  public Integer call() {
    Talk talk = here.talk();
    Sessions sessions = here.sessions();
    HubAddress at = hub.resolve(here, sessions);
    Authorities authorities = authorities(sessions, at);
    HubCalls calls = new HubCalls(at, authorities);
    HubCalls.Welcome welcome = calls.welcome();
    SignIn signIn = signIn(at, calls, welcome.ways(), talk);
    HubCalls.Whoami who = calls.whoami(signIn.tokens().access());
    sessions.put(
        new Session(
            at, welcome.ca().orElse(null), who.username(), signIn.origin(), signIn.tokens()));
    sessions.makeCurrent(at);
    talk.done("signed in at " + at + " as " + talk.bold(Answer.printable(who.username())));
    talk.next("fairlead kubeconfig   (adds your clusters to ~/.kube/config)");
    return 0;
  }

  private record SignIn(Origin origin, Tokens tokens) {}

  /** Whom to trust; unless told otherwise, as at the last sign-in. */
  private Authorities authorities(Sessions sessions, HubAddress at) {
    HubTrust given = trust;
    if (given != null && given.file != null) {
      return Authorities.file(given.file);
    }
    if (given != null && given.pin != null) {
      return Authorities.pin(given.pin);
    }
    try {
      return Authorities.of(sessions.find(at).flatMap(Session::authority).orElse(null));
    } catch (Refusal.SignInNeeded damaged) {
      return new Authorities.OfSystem();
    }
  }

  private SignIn signIn(HubAddress at, HubCalls calls, SignInWays ways, Talk talk) {
    if (tokenFromInput) {
      return new SignIn(
          new Origin.GivenToken(), Tokens.lasting(here.secretFromInput("--token-stdin")));
    }
    boolean byPassword =
        method == Method.PASSWORD || method == null && (user != null || passwordFromInput);
    boolean local = ways.local() && issuer == null;
    boolean noIssuer = ways.issuers().isEmpty() && issuer == null;
    if (local && (byPassword || method == null && noIssuer)) {
      return new SignIn(
          new Origin.LocalAccount(),
          Tokens.read(
              calls.login(userName("e-mail address"), password()),
              "access_token",
              null,
              here.clock().instant(),
              at.toString()));
    }
    return atIssuer(choose(at, ways), byPassword, talk);
  }

  private SignIn atIssuer(SignInWays.IssuerClient client, boolean byPassword, Talk talk) {
    Authorities authorities =
        issuerCa == null ? new Authorities.OfSystem() : Authorities.file(issuerCa);
    IssuerSignIn there =
        new IssuerSignIn(Issuer.discover(client.issuer(), authorities), client, here.clock());
    Tokens tokens;
    if (byPassword) {
      tokens = there.byPassword(userName("user name"), password());
    } else if (method == Method.BROWSER || method == null && Browser.isLikely(here.environment())) {
      tokens = new BrowserSignIn(there, here.random(), here.browser(), talk).run();
    } else {
      tokens = new DeviceSignIn(there, here.clock(), here.pause(), talk).run();
    }
    return new SignIn(there.origin(authorities.pem(List.of()).orElse(null)), tokens);
  }

  private SignInWays.IssuerClient choose(HubAddress at, SignInWays ways) {
    List<SignInWays.IssuerClient> fitting = new ArrayList<>(ways.issuers());
    if (issuer != null) {
      String wanted = issuer;
      fitting.removeIf(one -> !one.issuer().equals(wanted));
      if (clientId != null) {
        fitting.add(
            0, new SignInWays.IssuerClient(wanted, clientId, List.of("openid"), "access_token"));
      }
    }
    if (fitting.isEmpty()) {
      throw new Refusal(
          issuer == null
              ? at + ": offers no such way to sign in (offered: " + offered(ways) + ")"
              : "--issuer: "
                  + issuer
                  + " is not one of the hub's (expected: "
                  + offered(ways)
                  + "; or --client-id, too)");
    }
    if (fitting.size() > 1 && issuer == null) {
      throw new Refusal("several issuers; choose one with --issuer: " + offered(ways));
    }
    SignInWays.IssuerClient chosen = fitting.get(0);
    return clientId == null
        ? chosen
        : new SignInWays.IssuerClient(
            chosen.issuer(), clientId, chosen.scopes(), chosen.tokenName());
  }

  private static String offered(SignInWays ways) {
    List<String> all = new ArrayList<>();
    if (ways.local()) {
      all.add("password");
    }
    ways.issuers().forEach(one -> all.add(Answer.printable(one.issuer())));
    return all.isEmpty() ? "a token with --token-stdin" : String.join(", ", all);
  }

  private String userName(String what) {
    if (user == null) {
      throw new Refusal("--email: missing (expected: the " + what + " whose password it is)");
    }
    return user;
  }

  private String password() {
    if (passwordFromInput) {
      return here.secretFromInput("--password-stdin");
    }
    return here.secrets()
        .apply("Password of " + Answer.printable(String.valueOf(user)) + ": ")
        .filter(secret -> !secret.isEmpty())
        .orElseThrow(
            () ->
                new Refusal(
                    "no password: there is no terminal to ask at (expected: --password-stdin)"));
  }
}
