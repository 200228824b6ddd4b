package dev.fairlead.core.authorization;

import dev.fairlead.api.InvalidException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A YAML file of bounded size, as text. */
final class YamlFile {

  private static final int MAX_BYTES = 1024 * 1024;

  private YamlFile() {}

  static String read(Path file) {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    } catch (IOException e) {
      throw new InvalidException(file + ": cannot be read (expected: a readable YAML file)", e);
    }
    requireBounded(bytes.length, file.toString());
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new InvalidException(file + ": not UTF-8 (expected: a YAML file in UTF-8)", e);
    }
  }

  static void requireBounded(int length, String source) {
    if (length > MAX_BYTES) {
      throw new InvalidException(source + ": more than 1 MiB (expected: at most 1 MiB)");
    }
  }
}
