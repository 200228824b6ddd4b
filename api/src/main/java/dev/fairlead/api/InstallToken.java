package dev.fairlead.api;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A secret that lets one agent enrol once: {@code fli_<id>_<secret>}, where the id (16 hex digits)
 * may be shown and the secret (32 bytes, base64url) may not. {@link #toString()} shows the id only.
 */
public final class InstallToken {

  private static final Pattern FORM = Pattern.compile("fli_([0-9a-f]{16})_([A-Za-z0-9_-]{43})");
  private static final int LONGEST_FILE = 4_096;

  private final String id;
  private final String secret;

  private InstallToken(String id, String secret) {
    this.id = id;
    this.secret = secret;
  }

  /**
   * Reads a token's text.
   *
   * @param text the token, possibly with white space around it
   * @return the token
   * @throws InvalidException if the text is no install token; the message does not repeat it
   */
  public static InstallToken parse(String text) {
    Matcher form = FORM.matcher(Objects.requireNonNull(text, "text").strip());
    if (!form.matches()) {
      throw new InvalidException(
          "install token: "
              + text.strip().length()
              + " characters (expected: fli_<id>_<secret>, 64 characters)");
    }
    return new InstallToken(form.group(1), form.group(2));
  }

  /**
   * Reads a token from a file, as a mounted Kubernetes Secret provides it.
   *
   * @param file the file, at most 4 KiB
   * @return the token
   * @throws InvalidException if the file cannot be read or holds no install token
   */
  public static InstallToken read(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(LONGEST_FILE + 1);
      if (bytes.length > LONGEST_FILE) {
        throw new InvalidException(
            "install token file: " + file + " is larger than 4 KiB (expected: one token)");
      }
      return parse(new String(bytes, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new InvalidException(
          "install token file: " + file + " cannot be read (expected: a readable file)", e);
    }
  }

  /**
   * The half that may be shown.
   *
   * @return 16 hex digits
   */
  public String id() {
    return id;
  }

  /**
   * The half that may not be shown.
   *
   * @return 43 characters of base64url
   */
  public String secret() {
    return secret;
  }

  /**
   * The whole token, to hand it over.
   *
   * @return the secret text that {@link #parse} reads
   */
  public String reveal() {
    return "fli_" + id + "_" + secret;
  }

  @Override
  public String toString() {
    return "fli_" + id + "_…";
  }
}
