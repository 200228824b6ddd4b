package dev.fairlead.core.audit;

import dev.fairlead.core.store.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A signing key in a file: PKCS #8 and, as it cannot be told from that, the public key. */
final class KeyFile implements ChainKey {

  private static final String ALGORITHM = "Ed25519";
  private static final String PRIVATE = "PRIVATE KEY";
  private static final String PUBLIC = "PUBLIC KEY";
  private static final long LONGEST = 16 * 1024;

  private final PrivateKey privateKey;
  private final PublicKey publicKey;

  private KeyFile(PrivateKey privateKey, PublicKey publicKey) {
    this.privateKey = privateKey;
    this.publicKey = publicKey;
  }

  static KeyFile in(Path file) throws IOException {
    try {
      KeyFile key = Files.exists(file) ? load(file) : create(file);
      byte[] shown = pem(PUBLIC, key.publicKey.getEncoded()).getBytes(StandardCharsets.US_ASCII);
      Path beside = file.resolveSibling(file.getFileName() + ".pub");
      if (!Files.exists(beside) || !Arrays.equals(Files.readAllBytes(beside), shown)) {
        new WholeFile(beside).write(shown);
      }
      return key;
    } catch (GeneralSecurityException e) {
      throw new IOException(file + ": " + e.getMessage() + " (expected: an Ed25519 key in PEM)", e);
    }
  }

  private static KeyFile create(Path file) throws IOException, GeneralSecurityException {
    var pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
    String text =
        pem(PRIVATE, pair.getPrivate().getEncoded()) + pem(PUBLIC, pair.getPublic().getEncoded());
    new WholeFile(file).write(text.getBytes(StandardCharsets.US_ASCII));
    return new KeyFile(pair.getPrivate(), pair.getPublic());
  }

  private static KeyFile load(Path file) throws IOException, GeneralSecurityException {
    OwnerOnly.require(file);
    String text = read(file);
    KeyFactory factory = KeyFactory.getInstance(ALGORITHM);
    KeyFile key =
        new KeyFile(
            factory.generatePrivate(new PKCS8EncodedKeySpec(part(PRIVATE, text, file))),
            factory.generatePublic(new X509EncodedKeySpec(part(PUBLIC, text, file))));
    byte[] probe = {1, 2, 3};
    if (!verifies(key.publicKey, probe, key.sign(probe))) {
      throw new IOException(file + ": two keys that do not match (expected: one pair)");
    }
    return key;
  }

  static PublicKey publicKey(Path file) throws IOException {
    try {
      return KeyFactory.getInstance(ALGORITHM)
          .generatePublic(new X509EncodedKeySpec(part(PUBLIC, read(file), file)));
    } catch (GeneralSecurityException e) {
      throw new IOException(file + ": " + e.getMessage() + " (expected: an Ed25519 key in PEM)", e);
    }
  }

  /** Whether a signature is good; one that is malformed is not. */
  static boolean verifies(PublicKey key, byte[] statement, byte[] signature) {
    try {
      Signature check = Signature.getInstance(ALGORITHM);
      check.initVerify(key);
      check.update(statement);
      return check.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  @Override
  public PublicKey publicKey() {
    return publicKey;
  }

  @Override
  public byte[] sign(byte[] statement) throws IOException {
    try {
      Signature signing = Signature.getInstance(ALGORITHM);
      signing.initSign(privateKey);
      signing.update(statement);
      return signing.sign();
    } catch (GeneralSecurityException e) {
      throw new IOException("the audit key does not sign", e);
    }
  }

  private static String read(Path file) throws IOException {
    if (Files.size(file) > LONGEST) {
      throw new IOException(file + ": more than " + LONGEST + " bytes (expected: a key in PEM)");
    }
    return Files.readString(file, StandardCharsets.US_ASCII);
  }

  private static byte[] part(String label, String text, Path file) throws IOException {
    Matcher found =
        Pattern.compile(
                "-----BEGIN " + label + "-----([A-Za-z0-9+/=\\s]+)-----END " + label + "-----")
            .matcher(text);
    if (!found.find()) {
      throw new IOException(file + ": no " + label + " in PEM (expected: one)");
    }
    try {
      return Base64.getMimeDecoder().decode(found.group(1));
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + label + " is not in base64 (expected: PEM)", e);
    }
  }

  private static String pem(String label, byte[] der) {
    byte[] lineEnd = {'\n'};
    return "-----BEGIN "
        + label
        + "-----\n"
        + Base64.getMimeEncoder(64, lineEnd).encodeToString(der)
        + "\n-----END "
        + label
        + "-----\n";
  }

  @Override
  public String toString() {
    return "ChainKey[" + Checkpoint.id(publicKey) + "]";
  }
}
