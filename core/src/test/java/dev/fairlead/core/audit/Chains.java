package dev.fairlead.core.audit;

import static dev.fairlead.core.audit.AuditEvents.event;

import dev.fairlead.core.time.SystemTime;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Chained files to write, verify and tamper with. */
final class Chains {

  private Chains() {}

  /** Opens, appends events with these ids, and closes. */
  static void write(Path file, int checkpointRecords, String... ids) throws IOException {
    try (SystemTime time = new SystemTime();
        JsonLinesAuditSink sink = open(file, checkpointRecords, time)) {
      for (String id : ids) {
        sink.append(event(id, "/api")).toCompletableFuture().join();
      }
    }
  }

  static JsonLinesAuditSink open(Path file, int checkpointRecords, SystemTime time)
      throws IOException {
    Path directory = new AuditFiles(file).directory();
    if (!Files.exists(directory)) {
      Files.createDirectory(directory, OwnerOnly.directoryAttributes(directory));
    }
    return JsonLinesAuditSink.open(
        file,
        ChainKey.in(directory.resolve("key.pem")),
        AuditFileSettings.defaults().withCheckpoints(checkpointRecords, Duration.ofHours(1)),
        time);
  }

  static AuditVerifier verifier(Path file) throws IOException {
    return AuditVerifier.with(
        ChainKey.publicKeyIn(new AuditFiles(file).directory().resolve("key.pem.pub")));
  }

  static AuditVerification verify(Path file) throws IOException {
    return verifier(file).verify(file);
  }

  static List<String> lines(Path file) throws IOException {
    return new ArrayList<>(Files.readAllLines(file));
  }

  static void replace(Path file, List<String> lines) throws IOException {
    Files.writeString(file, String.join("\n", lines) + "\n");
  }

  /** Makes the chain fit again from a line on, as anybody can who has no key. */
  static List<String> relinked(List<String> lines, int from) throws IOException {
    List<String> all = new ArrayList<>(lines.subList(0, from));
    for (String line : lines.subList(from, lines.size())) {
      ChainLink before = ChainLink.START;
      for (String earlier : all) {
        before = before.then((earlier + "\n").getBytes(StandardCharsets.UTF_8));
      }
      all.add(
          line.replaceAll(
                  "\"fairlead.dev/sequence\":\"\\d+\"",
                  "\"fairlead.dev/sequence\":\"" + (before.sequence() + 1) + "\"")
              .replaceAll(
                  "\"fairlead.dev/previous\":\"\\w+\"",
                  "\"fairlead.dev/previous\":\"" + before.hash() + "\""));
    }
    return all;
  }

  /** Copies a file and its directory, as a killed hub leaves them; the lock does not count. */
  static Path copy(Path file, Path to) throws IOException {
    Files.createDirectories(to);
    Path copied = to.resolve(file.getFileName());
    Files.copy(
        file, copied, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
    Path from = new AuditFiles(file).directory();
    Path directory = new AuditFiles(copied).directory();
    if (!Files.exists(directory)) {
      Files.createDirectory(directory, OwnerOnly.directoryAttributes(directory));
    }
    try (Stream<Path> parts = Files.list(from)) {
      for (Path part : parts.filter(p -> !p.getFileName().toString().startsWith("lock")).toList()) {
        Files.copy(
            part,
            directory.resolve(part.getFileName()),
            StandardCopyOption.REPLACE_EXISTING,
            StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    return copied;
  }

  static byte[] joined(byte[] one, byte[] other) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(one);
    all.writeBytes(other);
    return all.toByteArray();
  }
}
