package dev.fairlead.core.audit;

import dev.fairlead.api.InvalidException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a page ended.
 *
 * @param file which file, by the number of its first record
 * @param offset before which byte
 */
record PageToken(long file, long offset) {

  private static final Pattern FORM = Pattern.compile("([0-9]{1,18})-([0-9]{1,18})");

  static @Nullable PageToken parse(@Nullable String text) {
    if (text == null) {
      return null;
    }
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw refused();
    }
    return new PageToken(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)));
  }

  static InvalidException refused() {
    return new InvalidException(
        "continue token: not of this log (expected: one that an earlier page came with)");
  }

  String text() {
    return file + "-" + offset;
  }
}
