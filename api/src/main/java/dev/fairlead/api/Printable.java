package dev.fairlead.api;

/** Makes untrusted text safe to show in one line of a message. */
final class Printable {

  private static final int LONGEST = 80;

  private Printable() {}

  static String quote(String text) {
    StringBuilder out = new StringBuilder(Math.min(text.length(), LONGEST) + 2).append('"');
    for (int i = 0; i < text.length() && i < LONGEST; i++) {
      char c = text.charAt(i);
      if (c < 0x20 || c > 0x7e) {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.append(text.length() > LONGEST ? "…\"" : "\"").toString();
  }
}
