package dev.fairlead.testkit.cluster.object;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads objects in Kubernetes' protobuf encoding, which recent clients send, into the same trees as
 * JSON.
 */
public final class ProtobufReader {
  private static final byte[] MAGIC = {'k', '8', 's', 0};
  private static final int MAX_DEPTH = 64;

  private final Schema schema;

  public ProtobufReader(Schema schema) {
    this.schema = schema;
  }

  /**
   * Reads one object.
   *
   * @param body magic number and envelope with the object
   * @return the object
   * @throws ApiException 400 when it is malformed or of an unknown kind
   */
  public ObjectNode read(byte[] body) {
    if (body.length < MAGIC.length
        || !Arrays.equals(body, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw malformed("no magic number");
    }
    String apiVersion = "";
    String kind = "";
    ProtobufFields raw = new ProtobufFields(new byte[0], 0, 0);
    ProtobufFields envelope = new ProtobufFields(body, MAGIC.length, body.length);
    while (envelope.next()) {
      if (envelope.number() == 1) {
        ProtobufFields type = envelope.message();
        while (type.next()) {
          if (type.number() == 1) {
            apiVersion = text(type);
          } else if (type.number() == 2) {
            kind = text(type);
          }
        }
      } else if (envelope.number() == 2) {
        raw = envelope.message();
      }
    }
    if (!schema.types().containsKey(kind)) {
      throw ApiException.badRequest("no kind \"" + kind + "\" is registered for " + apiVersion);
    }
    ObjectNode object = Trees.object().put("apiVersion", apiVersion).put("kind", kind);
    message(raw, kind, object, 0);
    return object;
  }

  private void message(ProtobufFields fields, String type, ObjectNode into, int depth) {
    if (depth > MAX_DEPTH) {
      throw malformed("nested deeper than " + MAX_DEPTH);
    }
    Map<String, FieldType> known = schema.types().getOrDefault(type, Map.of());
    while (fields.next()) {
      for (Map.Entry<String, FieldType> entry : known.entrySet()) {
        if (entry.getValue().number() == fields.number()) {
          field(fields, entry.getKey(), entry.getValue(), into, depth);
          break;
        }
      }
    }
  }

  private void field(
      ProtobufFields fields, String name, FieldType field, ObjectNode into, int depth) {
    if (field.inline()) {
      message(fields.message(), field.type(), into, depth + 1);
      return;
    }
    switch (field.shape()) {
      case LIST -> {
        JsonNode element = value(fields, field.element(), true, depth);
        if (element != null) {
          into.withArrayProperty(name).add(element);
        }
      }
      case MAP -> {
        ProtobufFields entry = fields.message();
        String key = "";
        JsonNode value = null;
        while (entry.next()) {
          if (entry.number() == 1) {
            key = text(entry);
          } else {
            value = value(entry, field.element(), true, depth);
          }
        }
        Trees.child(into, name).set(key, value == null ? TextNode.valueOf("") : value);
      }
      default -> {
        JsonNode value = value(fields, field, field.presence(), depth);
        if (value != null) {
          into.set(name, value);
        }
      }
    }
  }

  /** {@return the value, or null when it is zero and that means nothing} */
  private @Nullable JsonNode value(
      ProtobufFields fields, FieldType field, boolean keepZero, int depth) {
    return switch (field.type()) {
      case "string" -> {
        String text = text(fields);
        yield text.isEmpty() && !keepZero ? null : TextNode.valueOf(text);
      }
      case "bytes" -> TextNode.valueOf(Base64.getEncoder().encodeToString(fields.bytes()));
      case "int" -> {
        long number = fields.varint();
        yield number == 0 && !keepZero ? null : number(number);
      }
      case "bool" -> {
        boolean flag = fields.varint() != 0;
        yield !flag && !keepZero ? null : BooleanNode.valueOf(flag);
      }
      case "Time", "MicroTime" -> time(fields.message());
      case "Quantity" -> {
        ProtobufFields quantity = fields.message();
        yield quantity.next() ? TextNode.valueOf(text(quantity)) : TextNode.valueOf("0");
      }
      case "IntOrString" -> intOrString(fields.message(), keepZero);
      case "FieldsV1" -> {
        ProtobufFields raw = fields.message();
        yield raw.next() ? Trees.parseJson(raw.bytes()) : Trees.object();
      }
      case "any" -> {
        fields.skip();
        yield null;
      }
      default -> {
        ObjectNode object = Trees.object();
        message(fields.message(), field.type(), object, depth + 1);
        yield object.isEmpty() && !keepZero ? null : object;
      }
    };
  }

  private static JsonNode number(long number) {
    return number == (int) number ? IntNode.valueOf((int) number) : LongNode.valueOf(number);
  }

  private static String text(ProtobufFields fields) {
    return new String(fields.bytes(), StandardCharsets.UTF_8);
  }

  private static @Nullable JsonNode time(ProtobufFields fields) {
    long seconds = 0;
    long nanos = 0;
    boolean empty = true;
    while (fields.next()) {
      empty = false;
      if (fields.number() == 1) {
        seconds = fields.varint();
      } else {
        nanos = fields.varint();
      }
    }
    if (empty) {
      return null;
    }
    try {
      return TextNode.valueOf(Instant.ofEpochSecond(seconds, nanos).toString());
    } catch (DateTimeException e) {
      throw malformed("time " + seconds);
    }
  }

  private static @Nullable JsonNode intOrString(ProtobufFields fields, boolean keepZero) {
    long type = 0;
    long number = 0;
    String text = "";
    while (fields.next()) {
      if (fields.number() == 1) {
        type = fields.varint();
      } else if (fields.number() == 2) {
        number = fields.varint();
      } else {
        text = text(fields);
      }
    }
    if (type == 1) {
      return TextNode.valueOf(text);
    }
    return number == 0 && !keepZero ? null : number(number);
  }

  static ApiException malformed(String why) {
    return ApiException.badRequest("the protobuf body is malformed: " + why);
  }
}
