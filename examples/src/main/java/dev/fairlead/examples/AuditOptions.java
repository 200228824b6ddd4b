package dev.fairlead.examples;

import dev.fairlead.api.Time;
import dev.fairlead.api.audit.AuditSink;
import dev.fairlead.api.metrics.Metrics;
import dev.fairlead.core.audit.AuditFileSettings;
import dev.fairlead.core.audit.BufferedAuditSink;
import dev.fairlead.core.audit.ChainKey;
import dev.fairlead.core.audit.HttpDelivery;
import dev.fairlead.core.audit.JsonLinesAuditSink;
import dev.fairlead.core.audit.OtlpAuditSink;
import dev.fairlead.core.audit.TeeAuditSink;
import dev.fairlead.core.audit.WebhookAuditSink;
import dev.fairlead.core.exchange.Recording;
import dev.fairlead.examples.program.Mistakes;
import dev.fairlead.examples.program.Pem;
import dev.fairlead.examples.program.PrivateFiles;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of a hub's audit: always to a file, and elsewhere as well. */
final class AuditOptions {

  private static final int LARGEST_BUFFER = 1_000_000;
  private static final int LONGEST_INTERVAL = 86_400;
  private static final String WEBHOOK = "--audit-webhook";
  private static final String OTLP = "--audit-otlp";

  @Option(
      names = "--audit",
      paramLabel = "FILE",
      description =
          "audit log in JSON lines, chained and signed by audit-key.pem in the --data directory"
              + " (default: audit.log there)")
  private @Nullable Path file;

  @Option(
      names = "--audit-webhook",
      paramLabel = "URL",
      description =
          "posts records there as well, as EventList of audit.k8s.io/v1; https, or http to this"
              + " host")
  private @Nullable String webhook;

  @Option(
      names = "--audit-webhook-token",
      paramLabel = "FILE",
      description = "the bearer token for it; mode 0600, read at start")
  private @Nullable Path webhookToken;

  @Option(
      names = "--audit-webhook-ca",
      paramLabel = "FILE",
      description = "who its certificate is trusted by, in PEM (default: the JDK's)")
  private @Nullable Path webhookAuthorities;

  @Option(
      names = "--audit-otlp",
      paramLabel = "URL",
      description =
          "sends records to an OpenTelemetry collector as well, by OTLP over HTTP, as in"
              + " https://HOST:4318/v1/logs")
  private @Nullable String otlp;

  @Option(
      names = "--audit-otlp-token",
      paramLabel = "FILE",
      description = "the bearer token for it; mode 0600, read at start")
  private @Nullable Path otlpToken;

  @Option(
      names = "--audit-otlp-ca",
      paramLabel = "FILE",
      description = "who its certificate is trusted by, in PEM (default: the JDK's)")
  private @Nullable Path otlpAuthorities;

  @Option(
      names = "--audit-remote-buffer",
      paramLabel = "RECORDS",
      description =
          "requests go on while so many records wait for the webhook and for the collector, which"
              + " are lost if the hub dies; 1-1000000 (default: what one of them does not take"
              + " refuses the request)")
  private @Nullable Integer remoteBuffer;

  @Option(
      names = "--audit-buffer",
      paramLabel = "RECORDS",
      description = "the same for the file as well; 1-1000000 (default: no record, no request)")
  private @Nullable Integer buffer;

  @Option(
      names = "--audit-interval",
      paramLabel = "SECONDS",
      description =
          "how often what lasts is recorded while it runs, 1-86400 (default: ${DEFAULT-VALUE})")
  private int interval = 300;

  @Option(
      names = "--audit-exec-commands",
      description = "records the commands of exec as they are, secrets in them included")
  private boolean commands;

  private @Nullable HttpDelivery toWebhook;
  private @Nullable HttpDelivery toCollector;

  void check(Mistakes mistakes) {
    toWebhook = delivery(WEBHOOK, webhook, webhookToken, webhookAuthorities, mistakes).orElse(null);
    toCollector = delivery(OTLP, otlp, otlpToken, otlpAuthorities, mistakes).orElse(null);
    if (remoteBuffer != null) {
      mistakes.requireWithin("--audit-remote-buffer", remoteBuffer, 1, LARGEST_BUFFER);
      if (webhook == null && otlp == null) {
        mistakes.add(
            "--audit-remote-buffer: without anything remote (expected: --audit-webhook or"
                + " --audit-otlp beside it)");
      }
    }
    if (buffer != null) {
      mistakes.requireWithin("--audit-buffer", buffer, 1, LARGEST_BUFFER);
      if (remoteBuffer != null) {
        mistakes.add("--audit-buffer and --audit-remote-buffer: both (expected: one of them)");
      }
    }
    mistakes.requireWithin("--audit-interval", interval, 1, LONGEST_INTERVAL);
  }

  private static Optional<HttpDelivery> delivery(
      String option,
      @Nullable String url,
      @Nullable Path token,
      @Nullable Path authorities,
      Mistakes mistakes) {
    Optional<HttpDelivery> delivery = Optional.empty();
    if (url != null) {
      delivery = mistakes.understand(option, () -> HttpDelivery.to(URI.create(url)));
    } else if (token != null || authorities != null) {
      mistakes.add(
          option + ": missing (expected: beside " + option + "-token and " + option + "-ca)");
    }
    if (token != null) {
      Optional<String> secret =
          mistakes.read(option + "-token", () -> PrivateFiles.readSecret(token));
      delivery =
          delivery.flatMap(
              to -> secret.map(value -> to.withHeader("authorization", "Bearer " + value)));
    }
    if (authorities != null) {
      Optional<SSLContext> trust = mistakes.read(option + "-ca", () -> Pem.trust(authorities));
      delivery = delivery.flatMap(to -> trust.map(to::withTls));
    }
    return delivery;
  }

  /** What of requests is recorded. */
  Recording recording() {
    return Recording.defaults().withEvery(Duration.ofSeconds(interval)).withCommands(commands);
  }

  /** Opens all of it, as one; for the hub, which closes it. */
  AuditSink open(Path data, Time time) throws IOException {
    Path auditLog = file == null ? data.resolve("audit.log") : file;
    JsonLinesAuditSink trail =
        JsonLinesAuditSink.open(
            auditLog,
            ChainKey.in(data.resolve("audit-key.pem")),
            AuditFileSettings.defaults(),
            time);
    List<AuditSink> all = new ArrayList<>(List.of(trail));
    if (toWebhook != null) {
      all.add(buffered(WebhookAuditSink.open(toWebhook, time), remoteBuffer, time));
    }
    if (toCollector != null) {
      Map<String, String> resource = Map.of("service.name", "fairlead-hub");
      all.add(buffered(OtlpAuditSink.open(toCollector, resource, time), remoteBuffer, time));
    }
    return buffered(
        all.size() == 1 ? trail : TeeAuditSink.to(all.toArray(AuditSink[]::new)), buffer, time);
  }

  private static AuditSink buffered(AuditSink sink, @Nullable Integer room, Time time) {
    return room == null ? sink : BufferedAuditSink.before(sink, room, Metrics.none(), time);
  }
}
