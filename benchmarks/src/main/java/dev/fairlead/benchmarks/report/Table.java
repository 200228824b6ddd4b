package dev.fairlead.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The table for people, in Markdown that reads well without a renderer. */
public final class Table {

  private static final List<String> HEAD =
      List.of("figure", "way", "median", "min – max", "unit", "to direct", "min – max", "goal");

  private Table() {}

  /** Prints all results. */
  public static String of(Results results) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEAD);
    for (Figure figure : results.figures()) {
      String title = figure.title();
      for (String way : results.ways(figure)) {
        rows.add(row(results, figure, way, title));
        title = "";
      }
    }
    return render(rows);
  }

  private static List<String> row(Results results, Figure figure, String way, String title) {
    Spread spread = Spread.of(results.values(figure, way));
    List<String> row = new ArrayList<>();
    row.add(title);
    row.add(way);
    row.add(number(spread.median()));
    row.add(number(spread.min()) + " – " + number(spread.max()));
    row.add(figure.unit());
    results
        .compared(figure, way)
        .map(Spread::of)
        .ifPresentOrElse(
            compared -> {
              row.add(comparison(figure, compared.median()));
              row.add(
                  comparison(figure, compared.min()) + " – " + comparison(figure, compared.max()));
            },
            () -> row.addAll(List.of("", "")));
    row.add(goal(results, figure, way));
    return row;
  }

  private static String goal(Results results, Figure figure, String way) {
    Figure.Goal goal = figure.goals().get(way);
    if (goal == null) {
      return "";
    }
    boolean reached = results.reached(figure, way).orElse(false);
    return (goal.atLeast() ? "≥ " : "≤ ") + number(goal.bound()) + (reached ? " yes" : " NO");
  }

  private static String comparison(Figure figure, double value) {
    return switch (figure.comparison()) {
      case SHARE, TIMES -> String.format(Locale.ROOT, "×%.2f", value);
      case ADDED -> (value < 0 ? "" : "+") + number(value);
      case NONE -> "";
    };
  }

  private static String number(double value) {
    double size = Math.abs(value);
    String format = size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, format, value);
  }

  private static String render(List<List<String>> rows) {
    int[] widths = new int[HEAD.size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    StringBuilder out = new StringBuilder();
    for (int r = 0; r < rows.size(); r++) {
      for (int i = 0; i < widths.length; i++) {
        String cell = rows.get(r).get(i);
        String gap = " ".repeat(widths[i] - cell.length());
        boolean left = i < 2 || i == 4 || i == 7;
        out.append("| ").append(left ? cell + gap : gap + cell).append(' ');
      }
      out.append("|\n");
      if (r == 0) {
        for (int i = 0; i < widths.length; i++) {
          boolean left = i < 2 || i == 4 || i == 7;
          out.append('|').append("-".repeat(widths[i] + 1)).append(left ? '-' : ':');
        }
        out.append("|\n");
      }
    }
    return out.toString();
  }
}
