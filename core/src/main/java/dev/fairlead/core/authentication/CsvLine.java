package dev.fairlead.core.authentication;

import dev.fairlead.api.InvalidException;
import java.util.ArrayList;
import java.util.List;

/** One line of comma-separated values (RFC 4180), without line breaks in values. */
final class CsvLine {

  private final String line;
  private final List<String> values = new ArrayList<>();
  private int position;

  private CsvLine(String line) {
    this.line = line;
  }

  /**
   * Takes a line apart.
   *
   * @throws InvalidException if its quotes do not match; the message does not repeat the line
   */
  static List<String> values(String line) {
    CsvLine csv = new CsvLine(line);
    csv.values.add(csv.next());
    while (csv.position < line.length()) {
      csv.position++;
      csv.values.add(csv.next());
    }
    return csv.values;
  }

  /** The next value; afterwards the position is at a comma or the end. */
  private String next() {
    return position < line.length() && line.charAt(position) == '"' ? quoted() : plain();
  }

  private String plain() {
    int end = line.indexOf(',', position);
    String value = line.substring(position, end < 0 ? line.length() : end);
    if (value.indexOf('"') >= 0) {
      throw new InvalidException(
          "quote inside a value that does not begin with one (expected: \"a \"\"quoted\"\" value\")");
    }
    position += value.length();
    return value;
  }

  private String quoted() {
    StringBuilder value = new StringBuilder();
    position++;
    while (true) {
      int quote = line.indexOf('"', position);
      if (quote < 0) {
        throw new InvalidException("quote is not closed (expected: its end on the same line)");
      }
      value.append(line, position, quote);
      position = quote + 1;
      if (position == line.length() || line.charAt(position) == ',') {
        return value.toString();
      }
      if (line.charAt(position) != '"') {
        throw new InvalidException("text after a closing quote (expected: a comma)");
      }
      value.append('"');
      position++;
    }
  }
}
