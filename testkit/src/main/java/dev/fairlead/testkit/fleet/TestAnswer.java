package dev.fairlead.testkit.fleet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fairlead.api.ConflictException;
import dev.fairlead.api.FairleadException;
import dev.fairlead.api.ForbiddenException;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.LimitException;
import dev.fairlead.api.NotFoundException;
import dev.fairlead.api.OfflineException;
import dev.fairlead.api.TransportException;
import dev.fairlead.api.UnauthenticatedException;

/**
 * What a request was answered.
 *
 * @param status the HTTP status
 * @param body the whole body
 */
public record TestAnswer(int status, String body) {

  private static final int FIRST_FAILURE = 400;
  private static final ObjectMapper JSON = new ObjectMapper();

  String successfulBody() {
    if (status < FIRST_FAILURE) {
      return body;
    }
    throw failure(message());
  }

  private FairleadException failure(String message) {
    return switch (status) {
      case 400, 422 -> new InvalidException(message);
      case 401 -> new UnauthenticatedException(message);
      case 403 -> new ForbiddenException(message);
      case 404 -> new NotFoundException(message);
      case 409 -> new ConflictException(message);
      case 429 -> new LimitException(message);
      case 503 -> new OfflineException(message);
      default -> new TransportException(status + ": " + message);
    };
  }

  /** The message of a {@code metav1.Status}, or whatever the body is. */
  private String message() {
    try {
      return JSON.readTree(body).path("message").asText(body);
    } catch (JsonProcessingException noStatus) {
      return body;
    }
  }
}
