package dev.fairlead.cli;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.auth.BearerToken;
import dev.fairlead.core.kubeconfig.HubAccess;
import dev.fairlead.core.kubeconfig.Kubeconfig;
import dev.fairlead.core.kubeconfig.KubeconfigUser;
import java.io.File;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Puts the clusters somebody may use into their kubeconfig. */
@Command(
    name = "kubeconfig",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Puts the clusters you may use into your kubeconfig, each as a context with its name.",
      "",
      "What else is in it stays as it is; what it was before is kept beside it. Run it again when"
          + " your clusters have changed."
    })
final class KubeconfigCommand implements Callable<Integer> {

  /** How kubectl proves who you are. */
  enum Auth {
    EXEC,
    TOKEN;

    /** As it is typed. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** How clusters are addressed. */
  enum Address {
    PATH,
    HOST;

    /** As it is typed. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Surroundings here;

  @Spec private CommandSpec spec;

  @Mixin private HubOption hub;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "the kubeconfig (default: the first of $$KUBECONFIG, else ~/.kube/config)")
  private @Nullable Path file;

  @Option(
      names = "--print",
      description = "prints a kubeconfig of its own rather than changing yours")
  private boolean print;

  @Option(
      names = "--use",
      paramLabel = "CLUSTER",
      description = "makes the cluster's context the current one")
  private @Nullable String use;

  @Option(
      names = "--auth",
      paramLabel = "HOW",
      defaultValue = "exec",
      description =
          "${COMPLETION-CANDIDATES}: kubectl asks this program (exec), or has your present token in"
              + " the file, until it expires (token); default: ${DEFAULT-VALUE}")
  private Auth auth;

  @Option(
      names = "--address",
      paramLabel = "HOW",
      defaultValue = "path",
      description =
          "${COMPLETION-CANDIDATES}: https://HUB/clusters/NAME or https://NAME.HUB, if the hub has"
              + " that; default: ${DEFAULT-VALUE}")
  private Address address;

  @Option(
      names = "--command",
      paramLabel = "PROGRAM",
      description = "what kubectl calls (default: fairlead if it is on the PATH, else its path)")
  private @Nullable String command;

  KubeconfigCommand(Surroundings here) {
    this.here = here;
  }

  @Override
  public Integer call() {
    requireSense();
    Talk talk = here.talk();
    HubAddress at = hub.resolve(here, here.sessions());
    Session session = here.renewal().fresh(at);
    List<ListedCluster> clusters =
        new HubCalls(at, Authorities.of(session.ca())).clusters(session.tokens().access());
    HubAccess access = access(at, session, clusters);
    if (print) {
      here.out().print(Kubeconfig.empty().with(access).toYaml());
      return 0;
    }
    if (use != null && access.servers().keySet().stream().noneMatch(n -> n.value().equals(use))) {
      throw new Refusal("--use: " + use + " is no cluster you may use (see: fairlead clusters)");
    }
    Path place = file == null ? KubeconfigFile.usual(here) : file;
    KubeconfigFile target = KubeconfigFile.at(place, here.pause());
    KubeconfigFile.Changed changed = target.change(former -> updated(former, access));
    tell(talk, target, changed, access);
    return 0;
  }

  private void requireSense() {
    List<String> mistakes = new ArrayList<>();
    if (print && auth == Auth.TOKEN) {
      mistakes.add("--print: not with --auth token, as that would show your token");
    }
    if (print && (file != null || use != null)) {
      mistakes.add("--print: not with --file or --use, as no file is changed");
    }
    if (!mistakes.isEmpty()) {
      throw new ParameterException(spec.commandLine(), String.join("; ", mistakes));
    }
  }

  private Kubeconfig updated(Kubeconfig former, HubAccess access) {
    Kubeconfig merged = former.with(access);
    if (use == null) {
      return merged;
    }
    String context = merged.contexts(access).get(ClusterName.of(use));
    return context == null || context.equals(merged.currentContext())
        ? merged
        : merged.using(context);
  }

  private void tell(
      Talk talk, KubeconfigFile target, KubeconfigFile.Changed changed, HubAccess access) {
    Map<ClusterName, String> contexts = changed.kubeconfig().contexts(access);
    if (!changed.written()) {
      talk.done(target + " is up to date");
    } else {
      talk.done(
          target
              + " has "
              + (contexts.size() == 1 ? "1 cluster" : contexts.size() + " clusters")
              + " of "
              + access.hub()
              + (changed.keptFormer() ? " (before: " + target.former() + ")" : ""));
    }
    if (contexts.isEmpty()) {
      talk.say("There is no cluster you may use; ask whoever runs the hub for a role.");
      return;
    }
    contexts.forEach(
        (cluster, context) ->
            here.out()
                .println(
                    context
                        + (cluster.value().equals(context) ? "" : "   (cluster " + cluster + ")")));
    if (auth == Auth.TOKEN) {
      talk.warn("your token is in that file now; it is a secret, and works until it expires");
    }
    String current = changed.kubeconfig().currentContext();
    String context =
        contexts.containsValue(current) ? current : contexts.values().iterator().next();
    talk.next("kubectl --context " + context + " get pods");
  }

  private HubAccess access(HubAddress at, Session session, List<ListedCluster> clusters) {
    Map<ClusterName, URI> servers = new LinkedHashMap<>();
    for (ListedCluster one : clusters) {
      servers.put(
          one.name(),
          address == Address.PATH
              ? one.byPath()
              : one.byHost()
                  .orElseThrow(
                      () -> new Refusal(at + ": has no addresses by host; use --address path")));
    }
    KubeconfigUser user =
        auth == Auth.TOKEN
            ? new KubeconfigUser.Token(BearerToken.of(session.tokens().access()))
            : new KubeconfigUser.Exec(
                command == null ? program() : command,
                List.of("credential", "--hub", at.toString()),
                "fairlead is not there; install it, or run 'fairlead kubeconfig' from where it is"
                    + " now.");
    return new HubAccess(at.authority(), servers, session.ca(), user);
  }

  /** This program as kubectl finds it. */
  private String program() {
    String launcher = here.variable("FAIRLEAD_LAUNCHER").orElse("fairlead");
    boolean onPath =
        here.variable("PATH").stream()
            .flatMap(path -> Arrays.stream(path.split(File.pathSeparator)))
            .map(directory -> Path.of(directory, "fairlead"))
            .anyMatch(Files::isExecutable);
    return onPath ? "fairlead" : launcher;
  }
}
