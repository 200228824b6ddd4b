package dev.fairlead.core.authentication;

import dev.fairlead.api.Identity;
import dev.fairlead.api.InvalidException;
import dev.fairlead.api.auth.Authentication.Authenticated;
import dev.fairlead.core.secret.RandomSecrets;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a static token file. No message repeats a value, since in a line that is wrong any value
 * may be the token.
 */
final class StaticTokenFile {

  private static final int LARGEST = 4 << 20;
  private static final int FEWEST_VALUES = 3;
  private static final int MOST_VALUES = 4;
  private static final int MOST_MISTAKES = 100;
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private final Path file;
  private final List<String> mistakes = new ArrayList<>();
  private final Map<String, Authenticated> byHash = new LinkedHashMap<>();
  private final Map<String, Integer> lineByHash = new HashMap<>();

  private StaticTokenFile(Path file) {
    this.file = file;
  }

  /** The users by the hashes of their tokens. */
  static Map<String, Authenticated> read(Path file) {
    StaticTokenFile reading = new StaticTokenFile(file);
    reading.examine(reading.lines());
    if (!reading.mistakes.isEmpty()) {
      throw new InvalidException(reading.report());
    }
    return reading.byHash;
  }

  private List<String> lines() {
    try {
      requirePrivate();
      try (InputStream in = Files.newInputStream(file)) {
        byte[] bytes = in.readNBytes(LARGEST + 1);
        if (bytes.length > LARGEST) {
          throw refused("is larger than 4 MiB (expected: at most that)", null);
        }
        return StandardCharsets.UTF_8
            .newDecoder()
            .decode(ByteBuffer.wrap(bytes))
            .toString()
            .lines()
            .toList();
      }
    } catch (CharacterCodingException e) {
      throw refused("is not in UTF-8 (expected: lines of token,user,uid,\"group1,group2\")", e);
    } catch (IOException | UnsupportedOperationException e) {
      throw refused(
          "cannot be read (expected: a readable file on a file system with POSIX permissions)", e);
    }
  }

  private void requirePrivate() throws IOException {
    Set<PosixFilePermission> found = Files.getPosixFilePermissions(file);
    Set<PosixFilePermission> wider = EnumSet.noneOf(PosixFilePermission.class);
    wider.addAll(found);
    wider.removeAll(OWNER_ONLY);
    if (!wider.isEmpty()) {
      throw refused(
          "has mode "
              + PosixFilePermissions.toString(found)
              + " (expected: rw------- or narrower, since it holds secrets; run: chmod 600 "
              + file
              + ")",
          null);
    }
  }

  private void examine(List<String> lines) {
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).isEmpty()) {
        int number = i + 1;
        try {
          add(CsvLine.values(lines.get(i)), number);
        } catch (InvalidException e) {
          mistakes.add("line " + number + ": " + e.getMessage());
        }
      }
    }
  }

  private void add(List<String> values, int line) {
    if (values.size() < FEWEST_VALUES || values.size() > MOST_VALUES) {
      throw new InvalidException(
          values.size() + " values (expected: token,user,uid and perhaps \"group1,group2\")");
    }
    String token = values.get(0);
    if (token.isEmpty() || token.chars().anyMatch(c -> c <= 0x20 || c > 0x7e)) {
      throw new InvalidException(
          "token is empty or holds what cannot be sent (expected: ASCII letters, digits and signs)");
    }
    Identity identity = identity(values);
    if (ReservedNames.in(identity).isPresent()) {
      throw new InvalidException("user or group begins with system: (expected: none that does)");
    }
    String hash = RandomSecrets.hash(token);
    Integer before = lineByHash.putIfAbsent(hash, line);
    if (before != null) {
      throw new InvalidException(
          "same token as in line " + before + " (expected: each token once)");
    }
    byHash.put(hash, new Authenticated(identity, "static-token/line-" + line, null));
  }

  private static Identity identity(List<String> values) {
    String uid = values.get(2).isEmpty() ? null : values.get(2);
    String groups = values.size() == MOST_VALUES ? values.get(3) : "";
    try {
      return new Identity(
          values.get(1),
          uid,
          groups.isEmpty() ? List.of() : List.of(groups.split(",", -1)),
          Map.of());
    } catch (InvalidException e) {
      // Without the cause, whose message shows the value.
      throw new InvalidException(
          "user, uid or group is not usable (expected: 1-1024 characters each, none of them a control"
              + " character, no white space at either end; at most 1000 groups)");
    }
  }

  private String report() {
    int shown = Math.min(mistakes.size(), MOST_MISTAKES);
    String rest =
        mistakes.size() > shown ? "\n  and " + (mistakes.size() - shown) + " further mistakes" : "";
    return "static token file: "
        + file
        + " has "
        + mistakes.size()
        + (mistakes.size() == 1 ? " mistake" : " mistakes")
        + ":\n  "
        + String.join("\n  ", mistakes.subList(0, shown))
        + rest;
  }

  private InvalidException refused(String what, @Nullable Throwable cause) {
    return new InvalidException("static token file: " + file + " " + what, cause);
  }
}
