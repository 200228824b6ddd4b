package dev.fairlead.e2e;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A request and its response, as a {@link Recorder} saw them. */
record Recorded(
    long id,
    boolean ended,
    String method,
    String target,
    String host,
    int status,
    Message request,
    @Nullable Message response) {

  private static final Set<String> READS = Set.of("GET", "HEAD");
  private static final JsonMapper MAPPER = new JsonMapper();

  /** One of the two. Names of fields are as Go writes them: {@code Content-Type}. */
  record Message(
      String proto,
      Map<String, List<String>> header,
      long length,
      @Nullable Map<String, List<String>> trailer,
      Body body) {

    /** The body's text; of a binary one, a character for each byte. */
    String text() {
      boolean binary =
          header.getOrDefault("Content-Type", List.of()).toString().contains("protobuf");
      return body.text() == null
          ? ""
          : new String(body.text(), binary ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
    }
  }

  /** How much came, and the first megabytes of it, without their gzip. */
  record Body(long bytes, String sha256, byte @Nullable [] text) {}

  static Recorded parse(String line) {
    try {
      return MAPPER.readValue(line, Recorded.class);
    } catch (JsonProcessingException e) {
      throw new AssertionError("no record: " + line.substring(0, Math.min(200, line.length())), e);
    }
  }

  boolean isUpgrade() {
    return request.header().containsKey("Upgrade");
  }

  /** Whether what comes back depends on how long one looks. */
  boolean isStream() {
    return target.contains("watch=true")
        || target.contains("watch=1")
        || target.contains("follow=true")
        || isUpgrade();
  }

  /** The request, one line each for what can be compared, without what the list lets differ. */
  String requestText(WireDifferences allowed) {
    return method + " " + allowed.target(target) + "\n" + text(request, "request", allowed);
  }

  /** Whether it is one that no command sent. */
  boolean isExtra(WireDifferences allowed) {
    return request.header().getOrDefault("User-Agent", List.of()).stream()
        .anyMatch(agent -> allowed.allows("extra-request", agent));
  }

  /** The same of the response. */
  String responseText(WireDifferences allowed) {
    String line = method + " " + allowed.target(target);
    if (allowed.allows("ignored-response", line)) {
      return line + "\n";
    }
    return line
        + "\n"
        + status
        + "\n"
        + (response == null ? "none\n" : text(response, "response", allowed));
  }

  private String text(Message message, String side, WireDifferences allowed) {
    StringBuilder text = new StringBuilder(version(message, side, allowed)).append('\n');
    fields(message.header())
        .forEach(
            (name, values) -> {
              boolean anything =
                  allowed.allows(side + "-header", name)
                      || isUpgrade() && allowed.allows("upgrade-header", name);
              if (!anything) {
                text.append(name).append(": ").append(shown(message, side, name, values, allowed));
                text.append('\n');
              }
            });
    text.append("trailer ").append(fields(message.trailer())).append('\n');
    String type = message.header().getOrDefault("Content-Type", List.of("")).get(0);
    boolean ignored = allowed.allows("ignored-body", type);
    if (!isStream() && !ignored) {
      text.append(allowed.masked(message.text())).append('\n');
    }
    return text.toString();
  }

  private String version(Message message, String side, WireDifferences allowed) {
    boolean shortRead = READS.contains(method) && !isStream();
    return side.equals("request")
            && shortRead
            && allowed.allows("short-read-version", message.proto())
        ? "HTTP"
        : message.proto();
  }

  private static String shown(
      Message message, String side, String name, List<String> values, WireDifferences allowed) {
    if (allowed.allows(side + "-value", name)) {
      return "VALUE";
    }
    return name.equals("content-length")
        ? length(message, values)
        : allowed.masked(String.join(" | ", values));
  }

  /** A length that is right is the same as another that is right. */
  private static String length(Message message, List<String> found) {
    return found.equals(List.of(Long.toString(message.body().bytes())))
        ? "right"
        : found.toString();
  }

  private static Map<String, List<String>> fields(@Nullable Map<String, List<String>> of) {
    return of == null
        ? Map.of()
        : of.entrySet().stream()
            .collect(
                Collectors.toMap(
                    field -> field.getKey().toLowerCase(java.util.Locale.ROOT),
                    Map.Entry::getValue,
                    (one, other) -> one,
                    TreeMap::new));
  }
}
