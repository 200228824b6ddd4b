package dev.fairlead.testkit.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.fairlead.api.audit.AuditEvent;
import dev.fairlead.api.audit.AuditSink;
import dev.fairlead.core.audit.HttpDelivery;
import dev.fairlead.core.audit.OtlpAuditSink;
import dev.fairlead.core.time.SystemTime;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsPartialSuccess;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.SeverityNumber;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class OtlpAuditSinkTest {

  private final Receiver receiver = new Receiver();
  private final SystemTime time = new SystemTime();
  private final AuditSink sink = open();

  @AfterEach
  void stop() {
    sink.close();
    receiver.close();
    time.close();
  }

  private AuditSink open() {
    return OtlpAuditSink.open(
        HttpDelivery.to(receiver.uri())
            .withPatience(3, Duration.ZERO, Duration.ofMillis(10), Duration.ofSeconds(30)),
        Map.of("service.name", "fairlead-hub", "service.version", "0.1"),
        time);
  }

  private List<LogRecord> received() throws InvalidProtocolBufferException {
    List<LogRecord> records = new ArrayList<>();
    for (byte[] body : receiver.bodies) {
      ExportLogsServiceRequest request = ExportLogsServiceRequest.parseFrom(body);
      assertThat(request.getUnknownFields().asMap()).isEmpty();
      for (ResourceLogs logs : request.getResourceLogsList()) {
        assertThat(texts(logs.getResource().getAttributesList()))
            .containsEntry("service.name", "fairlead-hub")
            .containsEntry("service.version", "0.1");
        logs.getScopeLogsList()
            .forEach(
                scope -> {
                  assertThat(scope.getScope().getName()).isEqualTo("dev.fairlead.audit");
                  records.addAll(scope.getLogRecordsList());
                });
      }
    }
    return records;
  }

  private static Map<String, String> texts(List<KeyValue> attributes) {
    return attributes.stream()
        .filter(a -> a.getValue().getValueCase() == AnyValue.ValueCase.STRING_VALUE)
        .collect(Collectors.toMap(KeyValue::getKey, a -> a.getValue().getStringValue()));
  }

  @Nested
  class AsASink extends AuditSinkConformance {
    @Override
    protected AuditSink create() {
      return open();
    }

    @Override
    protected List<String> written() throws Exception {
      return received().stream()
          .map(logged -> texts(logged.getAttributesList()).get("fairlead.audit.id"))
          .toList();
    }
  }

  @Test
  void eventIsALogRecord() throws Exception {
    AuditEvent event = SampleEvents.completed("a", 403);
    await(sink.append(event).toCompletableFuture());
    LogRecord logged = received().get(0);
    assertThat(receiver.contentTypes).containsExactly("application/x-protobuf");
    assertThat(logged.getUnknownFields().asMap()).isEmpty();
    assertThat(logged.getTimeUnixNano())
        .isEqualTo(event.at().getEpochSecond() * 1_000_000_000 + event.at().getNano());
    assertThat(logged.getObservedTimeUnixNano()).isPositive();
    assertThat(logged.getSeverityNumber()).isEqualTo(SeverityNumber.SEVERITY_NUMBER_WARN);
    assertThat(logged.getSeverityText()).isEqualTo("WARN");
    assertThat(logged.getEventName()).isEqualTo("fairlead.audit");
    assertThat(texts(logged.getAttributesList()))
        .containsEntry("fairlead.audit.id", "a")
        .containsEntry("fairlead.audit.stage", "ResponseComplete")
        .containsEntry("fairlead.audit.outcome", "REFUSED")
        .containsEntry("k8s.request.verb", "get")
        .containsEntry("k8s.cluster.name", "prod-eu")
        .containsEntry("user.name", "jane");
    assertThat(logged.getAttributesList())
        .filteredOn(a -> a.getKey().equals("http.response.status_code"))
        .extracting(a -> a.getValue().getIntValue())
        .containsExactly(403L);
    assertThat(
            new ObjectMapper().readTree(logged.getBody().getStringValue()).path("auditID").asText())
        .isEqualTo("a");
  }

  @Test
  void partialSuccessIsAFailureAndNotSentAgain() throws Exception {
    answer(
        ExportLogsServiceResponse.newBuilder()
            .setPartialSuccess(
                ExportLogsPartialSuccess.newBuilder()
                    .setRejectedLogRecords(1)
                    .setErrorMessage("too old"))
            .build());
    CompletableFuture<Void> lost = sink.append(SampleEvents.received("a")).toCompletableFuture();
    assertThatThrownBy(() -> await(lost)).hasMessageContaining("rejected");
    assertThat(receiver.bodies).hasSize(1);
  }

  @Test
  void warningWithoutRejectionIsASuccess() throws Exception {
    answer(
        ExportLogsServiceResponse.newBuilder()
            .setPartialSuccess(
                ExportLogsPartialSuccess.newBuilder().setErrorMessage("please use gzip"))
            .build());
    await(sink.append(SampleEvents.received("a")).toCompletableFuture());
  }

  @Test
  void answerThatIsNoProtobufHarmsNothing() throws Exception {
    receiver.answer =
        (exchange, body) -> {
          byte[] garbage = {
            (byte) 0x0a, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x7f, 1
          };
          exchange.sendResponseHeaders(200, garbage.length);
          exchange.getResponseBody().write(garbage);
        };
    await(sink.append(SampleEvents.received("a")).toCompletableFuture());
  }

  private void answer(ExportLogsServiceResponse response) {
    receiver.answer =
        (exchange, body) -> {
          byte[] bytes = response.toByteArray();
          exchange.sendResponseHeaders(200, bytes.length);
          exchange.getResponseBody().write(bytes);
        };
  }

  private static void await(CompletableFuture<Void> stage) throws Exception {
    stage.get(60, TimeUnit.SECONDS);
  }
}
