package dev.fairlead.core.tunnel;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.fairlead.api.InvalidException;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an agent says about its API server, one line of JSON at a time, for as long as the tunnel
 * lives.
 *
 * @param reachesApiServer whether requests to the API server can be expected to work
 * @param version the API server's {@code gitVersion}, or null if it is not known yet
 */
public record AgentReport(boolean reachesApiServer, @Nullable String version) {

  /** The most bytes of a line. */
  static final int LONGEST = 1_024;

  private static final int LONGEST_VERSION = 64;
  private static final JsonFactory JSON = new JsonFactory();

  /**
   * Nothing is known yet: requests are let through, as the agent itself answers if it cannot serve
   * them.
   */
  public static final AgentReport UNKNOWN = new AgentReport(true, null);

  /**
   * The API server's version, as the API shows it.
   *
   * @return the version, or empty if it is not known yet
   */
  public Optional<String> kubernetesVersion() {
    return Optional.ofNullable(version);
  }

  byte[] toLine() {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeBooleanField("reachesApiServer", reachesApiServer);
      if (version != null) {
        json.writeStringField("kubernetesVersion", version);
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("a string cannot fail to be written to", e);
    }
    return (out + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Reads a line; fields that are not known are passed over.
   *
   * @throws InvalidException if it is no such line
   */
  static AgentReport parse(String line) {
    boolean reaches = false;
    String version = null;
    try (JsonParser json = JSON.createParser(line)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new InvalidException("agent's report: no JSON object (expected: one a line)");
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        JsonToken value = json.nextToken();
        if (name.equals("reachesApiServer") && value.isBoolean()) {
          reaches = json.getBooleanValue();
        } else if (name.equals("kubernetesVersion") && value == JsonToken.VALUE_STRING) {
          version = printable(json.getText());
        } else {
          json.skipChildren();
        }
      }
    } catch (IOException e) {
      throw new InvalidException("agent's report: not JSON (expected: one object a line)", e);
    }
    return new AgentReport(reaches, version);
  }

  private static @Nullable String printable(String text) {
    boolean usable =
        !text.isEmpty()
            && text.length() <= LONGEST_VERSION
            && text.chars().allMatch(c -> c > 0x20 && c < 0x7f);
    return usable ? text : null;
  }
}
