package dev.fairlead.benchmarks.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The results as JSON. */
public final class ReportJson {

  private ReportJson() {}

  /**
   * Writes a file.
   *
   * @param circumstances under which was measured
   */
  public static void write(Path file, Map<String, String> circumstances, Results results)
      throws IOException {
    try (JsonGenerator json = new JsonFactory().createGenerator(Files.newBufferedWriter(file))) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeObjectFieldStart("circumstances");
      for (Map.Entry<String, String> entry : circumstances.entrySet()) {
        json.writeStringField(entry.getKey(), entry.getValue());
      }
      json.writeEndObject();
      json.writeArrayFieldStart("figures");
      for (Figure figure : results.figures()) {
        write(json, results, figure);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
  }

  private static void write(JsonGenerator json, Results results, Figure figure) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", figure.id());
    json.writeStringField("title", figure.title());
    json.writeStringField("unit", figure.unit());
    json.writeStringField("comparison", figure.comparison().name());
    json.writeObjectFieldStart("ways");
    for (String way : results.ways(figure)) {
      json.writeObjectFieldStart(way);
      write(json, "values", results.values(figure, way));
      List<Double> compared = results.compared(figure, way).orElse(List.of());
      if (!compared.isEmpty()) {
        write(json, "toDirect", compared);
      }
      Figure.Goal goal = figure.goals().get(way);
      if (goal != null) {
        json.writeObjectFieldStart("goal");
        json.writeNumberField(goal.atLeast() ? "atLeast" : "atMost", goal.bound());
        json.writeBooleanField("reached", results.reached(figure, way).orElseThrow());
        json.writeEndObject();
      }
      json.writeEndObject();
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, String name, List<Double> values)
      throws IOException {
    Spread spread = Spread.of(values);
    json.writeObjectFieldStart(name);
    json.writeNumberField("min", spread.min());
    json.writeNumberField("median", spread.median());
    json.writeNumberField("max", spread.max());
    json.writeArrayFieldStart("rounds");
    for (double value : values) {
      json.writeNumber(value);
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
