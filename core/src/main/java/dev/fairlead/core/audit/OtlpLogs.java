package dev.fairlead.core.audit;

import dev.fairlead.api.ClusterName;
import dev.fairlead.api.Identity;
import dev.fairlead.api.audit.AuditEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Events as an {@code ExportLogsServiceRequest} of OTLP. The numbers are those of the fields in
 * {@code opentelemetry/proto/logs/v1/logs.proto} and what it imports.
 */
final class OtlpLogs implements HttpOutput.Format {

  private static final int INFO = 9;
  private static final int WARN = 13;

  private final ProtobufWriter resource = new ProtobufWriter();
  private final InstantSource clock;

  OtlpLogs(Map<String, String> attributes, InstantSource clock) {
    new TreeMap<>(attributes).forEach((key, value) -> attribute(resource, 1, key, value));
    this.clock = clock;
  }

  @Override
  public String contentType() {
    return "application/x-protobuf";
  }

  @Override
  public byte[] body(List<EncodedEvent> events) {
    ProtobufWriter scopeLogs =
        new ProtobufWriter().message(1, new ProtobufWriter().text(1, "dev.fairlead.audit"));
    for (EncodedEvent event : events) {
      scopeLogs.message(2, logRecord(event));
    }
    ProtobufWriter resourceLogs = new ProtobufWriter().message(1, resource).message(2, scopeLogs);
    return new ProtobufWriter().message(1, resourceLogs).toByteArray();
  }

  private ProtobufWriter logRecord(EncodedEvent encoded) {
    AuditEvent event = encoded.event();
    boolean bad =
        event.outcome() == AuditEvent.Outcome.REFUSED
            || event.outcome() == AuditEvent.Outcome.FAILED;
    String json = new String(encoded.opening(), StandardCharsets.US_ASCII) + "}}";
    ProtobufWriter logged =
        new ProtobufWriter()
            .fixed64(1, nanos(event.at()))
            .number(2, bad ? WARN : INFO)
            .text(3, bad ? "WARN" : "INFO")
            .message(5, new ProtobufWriter().text(1, json));
    attribute(logged, 6, "fairlead.audit.id", event.auditId());
    attribute(logged, 6, "fairlead.audit.stage", event.stage().kubernetesName());
    attribute(logged, 6, "fairlead.audit.outcome", event.outcome().name());
    attribute(logged, 6, "k8s.request.verb", event.info().verb());
    ClusterName cluster = event.cluster();
    if (cluster != null) {
      attribute(logged, 6, "k8s.cluster.name", cluster.value());
    }
    Identity user = event.user();
    if (user != null) {
      attribute(logged, 6, "user.name", user.username());
    }
    Integer code = event.responseCode();
    if (code != null) {
      ProtobufWriter value = new ProtobufWriter().number(3, code);
      logged.message(
          6, new ProtobufWriter().text(1, "http.response.status_code").message(2, value));
    }
    return logged.fixed64(11, nanos(clock.instant())).text(12, "fairlead.audit");
  }

  private static void attribute(ProtobufWriter to, int field, String key, String value) {
    to.message(
        field, new ProtobufWriter().text(1, key).message(2, new ProtobufWriter().text(1, value)));
  }

  private static long nanos(Instant instant) {
    return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
  }

  @Override
  public boolean readsAnswer() {
    return true;
  }

  /** Looks for {@code partial_success.rejected_log_records}, which is there if some were. */
  @Override
  public @Nullable String complaint(byte[] answer) {
    byte[] partial = field(answer, 1, true);
    byte[] rejected = partial == null ? null : field(partial, 1, false);
    return rejected == null || isZero(rejected)
        ? null
        : "some log records were rejected (expected: all of them taken)";
  }

  private static boolean isZero(byte[] varint) {
    for (byte b : varint) {
      if ((b & 0x7f) != 0) {
        return false;
      }
    }
    return true;
  }

  /** The first field of that number, if it comes before anything that is not understood. */
  private static byte @Nullable [] field(byte[] message, int number, boolean lengthDelimited) {
    int at = 0;
    while (at < message.length) {
      int tag = message[at++] & 0xff;
      int begin = at;
      while (at < message.length && message[at] < 0) {
        at++;
      }
      at = Math.min(at + 1, message.length);
      byte[] varint = Arrays.copyOfRange(message, begin, at);
      if ((tag & 7) == 2) {
        int length = value(varint);
        if (length < 0 || length > message.length - at) {
          return null;
        }
        if (lengthDelimited && tag >> 3 == number) {
          return Arrays.copyOfRange(message, at, at + length);
        }
        at += length;
      } else if ((tag & 7) != 0) {
        return null;
      } else if (!lengthDelimited && tag >> 3 == number) {
        return varint;
      }
    }
    return null;
  }

  private static int value(byte[] varint) {
    long value = 0;
    for (int i = 0; i < varint.length && i < 5; i++) {
      value |= (varint[i] & 0x7fL) << (7 * i);
    }
    return value > Integer.MAX_VALUE ? -1 : (int) value;
  }
}
