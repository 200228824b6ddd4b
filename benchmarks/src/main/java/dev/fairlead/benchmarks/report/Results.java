package dev.fairlead.benchmarks.report;

import dev.fairlead.benchmarks.lab.Way;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All values, by figure and way, in the order of the rounds. */
public final class Results {

  private final Map<String, Figure> figures = new LinkedHashMap<>();
  private final Map<String, Map<String, List<Double>>> values = new LinkedHashMap<>();

  /** Adds the value of one round. */
  public void add(Figure figure, String way, double value) {
    figures.putIfAbsent(figure.id(), figure);
    values
        .computeIfAbsent(figure.id(), id -> new LinkedHashMap<>())
        .computeIfAbsent(way, name -> new ArrayList<>())
        .add(value);
  }

  /** What there are values of. */
  public List<Figure> figures() {
    return List.copyOf(figures.values());
  }

  /** The ways a figure was measured on. */
  public List<String> ways(Figure figure) {
    return List.copyOf(values.getOrDefault(figure.id(), Map.of()).keySet());
  }

  /** A figure's values on a way. */
  public List<Double> values(Figure figure, String way) {
    return values.getOrDefault(figure.id(), Map.of()).getOrDefault(way, List.of());
  }

  /** A way's values compared with the direct ones of the same rounds; empty if there are none. */
  public Optional<List<Double>> compared(Figure figure, String way) {
    List<Double> direct = values(figure, Way.DIRECT);
    List<Double> own = values(figure, way);
    if (figure.comparison() == Figure.Comparison.NONE
        || way.equals(Way.DIRECT)
        || direct.size() != own.size()) {
      return Optional.empty();
    }
    List<Double> compared = new ArrayList<>();
    for (int i = 0; i < own.size(); i++) {
      compared.add(
          figure.comparison() == Figure.Comparison.ADDED
              ? own.get(i) - direct.get(i)
              : own.get(i) / direct.get(i));
    }
    return Optional.of(compared);
  }

  /** Whether a figure's goal on a way was reached by the middle of the values; empty: no goal. */
  public Optional<Boolean> reached(Figure figure, String way) {
    Figure.Goal goal = figure.goals().get(way);
    if (goal == null) {
      return Optional.empty();
    }
    List<Double> judged = compared(figure, way).orElse(values(figure, way));
    return Optional.of(goal.isReachedBy(Spread.of(judged).median()));
  }

  /** What cannot be: values that are no numbers, and ways that beat the direct one by far. */
  public List<String> absurdities() {
    List<String> found = new ArrayList<>();
    for (Figure figure : figures()) {
      for (String way : ways(figure)) {
        List<Double> own = values(figure, way);
        if (own.stream().anyMatch(value -> !Double.isFinite(value))) {
          found.add(figure.id() + " on " + way + ": " + own + " (expected: numbers)");
        }
        boolean isShare = figure.comparison() == Figure.Comparison.SHARE;
        if (isShare && own.stream().anyMatch(value -> value <= 0)) {
          found.add(figure.id() + " on " + way + ": " + own + " (expected: more than 0)");
        }
        compared(figure, way)
            .filter(compared -> isShare && Spread.of(compared).median() > 1.5)
            .ifPresent(
                compared ->
                    found.add(
                        figure.id()
                            + " on "
                            + way
                            + ": "
                            + compared
                            + " of the direct way (expected: at most 1.5)"));
      }
    }
    return found;
  }
}
