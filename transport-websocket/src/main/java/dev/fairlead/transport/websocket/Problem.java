package dev.fairlead.transport.websocket;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.fairlead.api.FairleadException;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.LimitException;
import dev.fairlead.api.TransportException;
import dev.fairlead.api.UnauthenticatedException;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;

/**
 * Refusals over HTTP, as problem details (RFC 9457): the one table of failures and statuses, in
 * both directions.
 */
final class Problem {

  private static final JsonFactory JSON = new JsonFactory();
  private static final int LONGEST = 500;

  private Problem() {}

  static int status(Throwable failure) {
    if (!(failure instanceof FairleadException known)) {
      return 500;
    }
    return switch (known.code()) {
      case UNAUTHENTICATED -> 401;
      case INVALID -> 400;
      case LIMIT -> 429;
      default -> 503;
    };
  }

  static byte[] body(Throwable failure) {
    String detail =
        failure instanceof FairleadException
            ? String.valueOf(failure.getMessage())
            : "the hub failed";
    return body(status(failure), detail);
  }

  static byte[] body(int status, String detail) {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeNumberField("status", status);
      json.writeStringField("detail", detail);
      json.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("a string cannot fail to be written to", e);
    }
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * What an agent makes of a response that is not the one it hoped for. Only a problem is a hub's
   * own word; any other answer may come from something on the way.
   */
  static FairleadException failure(String hub, int status, String type, String body) {
    String detail = type.startsWith(Paths.PROBLEM) ? detail(body) : "";
    if (detail.isEmpty()) {
      return new TransportException(
          hub
              + ": status "
              + status
              + " and no reason (expected: a Fairlead hub's address; perhaps this is another"
              + " server, or a load balancer before the hub)");
    }
    return switch (status) {
      case 401 -> new UnauthenticatedException(detail);
      case 400 -> new InvalidException(detail);
      case 429 -> new LimitException(detail);
      default -> new TransportException(hub + ": " + detail);
    };
  }

  private static String detail(String body) {
    try (JsonParser json = JSON.createParser(body)) {
      if (json.nextToken() == JsonToken.START_OBJECT) {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
          String name = json.currentName();
          if (json.nextToken() == JsonToken.VALUE_STRING && name.equals("detail")) {
            String text = json.getText();
            return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
          }
          json.skipChildren();
        }
      }
    } catch (IOException e) {
      return "";
    }
    return "";
  }
}
