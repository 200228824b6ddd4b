package dev.fairlead.core.store;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.LimitException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a table as a JSON file: {@code {"format": "fairlead/agents", "version": 1, "rows": [{…},
 * …]}}.
 */
final class JsonKeeper<V> implements Keeper<V> {

  static final int LARGEST = 64 << 20;
  private static final long VERSION = 1;
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final Form<V> form;
  private final WholeFile file;
  private final BooleanSupplier mustExist;

  JsonKeeper(Form<V> form, WholeFile file, BooleanSupplier mustExist) {
    this.form = form;
    this.file = file;
    this.mustExist = mustExist;
  }

  @Override
  public List<V> load() {
    try {
      if (Files.exists(file.path(), LinkOption.NOFOLLOW_LINKS)) {
        return parse(read());
      }
    } catch (IOException e) {
      throw refused("cannot be read", "a file that this process may read and write", e);
    }
    if (mustExist.getAsBoolean()) {
      throw refused("is missing", "the file that was there before; restore it", null);
    }
    return List.of();
  }

  /**
   * Makes the file if it is new, and removes what a killed process left; once all files were found
   * to be good.
   */
  void settle() throws IOException {
    file.removeDraft();
    if (!Files.exists(file.path(), LinkOption.NOFOLLOW_LINKS)) {
      file.write(encode(List.of()));
    }
  }

  private byte[] read() throws IOException {
    try (InputStream in = Files.newInputStream(file.path())) {
      if (Files.size(file.path()) > LARGEST) {
        throw refused("is larger than 64 MiB", "at most that", null);
      }
      return in.readNBytes(LARGEST);
    }
  }

  private List<V> parse(byte[] bytes) {
    try (JsonParser in = JSON.createParser(bytes)) {
      expect(in.nextToken() == JsonToken.START_OBJECT, "an object", in);
      expectField("format", in);
      expect(
          ("fairlead/" + form.name()).equals(in.getValueAsString()), "fairlead/" + form.name(), in);
      expectField("version", in);
      if (in.currentToken() != JsonToken.VALUE_NUMBER_INT || in.getValueAsLong() != VERSION) {
        throw refused(
            "has another version", "version " + VERSION + "; was it written by a newer hub?", null);
      }
      expectField("rows", in);
      expect(in.currentToken() == JsonToken.START_ARRAY, "a list", in);
      Map<String, V> rows = new LinkedHashMap<>();
      while (in.nextToken() != JsonToken.END_ARRAY) {
        V row = row(in);
        boolean first = rows.putIfAbsent(form.key(row), row) == null;
        expect(first, "each row once", in);
      }
      expect(in.nextToken() == JsonToken.END_OBJECT, "the end of the object", in);
      expect(in.nextToken() == null, "the end of the file", in);
      return List.copyOf(rows.values());
    } catch (JsonProcessingException e) {
      throw refused("is damaged " + at(e.getLocation()), "JSON as a hub wrote it", e);
    } catch (IOException e) {
      throw refused("cannot be read", "a file that this process may read and write", e);
    }
  }

  private V row(JsonParser in) throws IOException {
    JsonLocation begin = in.currentTokenLocation();
    try {
      JsonRow row = JsonRow.read(in);
      V value = form.read(row);
      row.finish();
      return value;
    } catch (InvalidException e) {
      throw refused("holds a bad row " + at(begin) + ": " + e.getMessage(), "what a hub wrote", e);
    }
  }

  private void expectField(String name, JsonParser in) throws IOException {
    expect(in.nextToken() == JsonToken.FIELD_NAME && name.equals(in.currentName()), name, in);
    in.nextToken();
  }

  private void expect(boolean met, String expected, JsonParser in) {
    if (!met) {
      throw refused("is damaged " + at(in.currentTokenLocation()), expected, null);
    }
  }

  private static String at(@Nullable JsonLocation place) {
    return place == null ? "" : "at line " + place.getLineNr() + ", column " + place.getColumnNr();
  }

  private InvalidException refused(String found, String expected, @Nullable Throwable cause) {
    return new InvalidException(
        "store file: "
            + file.path()
            + " "
            + found
            + " (expected: "
            + expected
            + "); nothing was changed",
        cause);
  }

  @Override
  public void keep(Collection<V> rows) {
    try {
      file.write(encode(rows));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "store file: " + file.path() + " cannot be written (expected: a writable disk with room)",
          e);
    }
  }

  private byte[] encode(Collection<V> rows) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator out = JSON.createGenerator(bytes)) {
      out.writeStartObject();
      out.writeStringField("format", "fairlead/" + form.name());
      out.writeNumberField("version", VERSION);
      out.writeArrayFieldStart("rows");
      for (V row : rows) {
        out.writeRaw('\n');
        out.writeStartObject();
        form.write(row, out);
        out.writeEndObject();
        out.flush();
        requireRoom(bytes.size());
      }
      out.writeEndArray();
      out.writeEndObject();
      out.writeRaw('\n');
    }
    requireRoom(bytes.size());
    return bytes.toByteArray();
  }

  private void requireRoom(int size) {
    if (size > LARGEST) {
      throw new LimitException(
          "store file: " + file.path() + " would be larger than 64 MiB (expected: at most that)");
    }
  }
}
