package dev.fairlead.agent.upstream;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The body of an answer to {@code GET /version}; what is too long or no such thing is ignored. */
final class VersionBody {

  private static final Logger log = LoggerFactory.getLogger(VersionBody.class);
  private static final int LONGEST = 64 * 1024;
  private static final JsonFactory JSON = new JsonFactory();
  private static final Pattern VERSION = Pattern.compile("[\\x21-\\x7e]{1,64}");

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);

  void add(ByteBuf data) {
    int length = Math.min(data.readableBytes(), LONGEST - bytes.size());
    byte[] chunk = new byte[length];
    data.readBytes(chunk);
    bytes.writeBytes(chunk);
  }

  @Nullable String gitVersion() {
    try (JsonParser json = JSON.createParser(bytes.toByteArray())) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        JsonToken value = json.nextToken();
        if (name.equals("gitVersion") && value == JsonToken.VALUE_STRING) {
          String version = json.getText();
          return VERSION.matcher(version).matches() ? version : null;
        }
        json.skipChildren();
      }
    } catch (IOException e) {
      log.debug("the API server's version is not JSON: {}", e.getClass().getSimpleName());
    }
    return null;
  }
}
