package dev.fairlead.pki;

import dev.fairlead.pki.PrivateDirectory.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The CA's directory: absent or empty, or complete. It is filled beside its place and moved there
 * whole, and a rename onto a directory succeeds only while that is empty; so there is no half state
 * to see, and one writer wins.
 */
final class AuthorityDirectory {

  static final String KEY = "ca.key";
  static final String CERTIFICATE = "ca.crt";

  private final Path path;
  private final SecureRandom random;

  AuthorityDirectory(Path path, SecureRandom random) {
    this.path = path.toAbsolutePath().normalize();
    this.random = random;
  }

  KeyEntry loadOrCreate(Supplier<KeyEntry> fresh, Instant now) {
    try {
      if (isVacant()) {
        create(fresh.get());
      }
      return load(now);
    } catch (IOException e) {
      throw PrivateDirectory.failed(path, e);
    }
  }

  private boolean isVacant() throws IOException {
    if (PrivateDirectory.existing(path).isEmpty()) {
      return true;
    }
    try (Stream<Path> entries = Files.list(path)) {
      return entries.findAny().isEmpty();
    }
  }

  private void create(KeyEntry entry) throws IOException {
    Path parent = path.getParent();
    if (parent == null) {
      throw PrivateDirectory.refused(path, "is the root (expected: a directory of the CA's own)");
    }
    Files.createDirectories(parent);
    Path staging =
        parent.resolve("." + path.getFileName() + ".new-" + PrivateDirectory.unique(random));
    try {
      PrivateDirectory directory = PrivateDirectory.create(staging);
      directory.write(
          KEY, Mode.SECRET, Pem.encode(Pem.PRIVATE_KEY, entry.privateKey().getEncoded()));
      directory.write(CERTIFICATE, Mode.PUBLIC, Pem.encode(entry.leaf()));
      PrivateDirectory.sync(staging);
      moveUnlessTaken(staging);
      PrivateDirectory.sync(parent);
    } finally {
      discard(staging);
    }
  }

  private void moveUnlessTaken(Path staging) throws IOException {
    try {
      Files.move(staging, path, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      if (isVacant()) {
        throw new IOException(
            "a new CA cannot be moved to its place (if this is a mount point, name a directory"
                + " below it): "
                + e.getMessage(),
            e);
      }
      // Somebody else was first; theirs is the CA.
    }
  }

  private static void discard(Path staging) throws IOException {
    Files.deleteIfExists(staging.resolve(KEY));
    Files.deleteIfExists(staging.resolve(CERTIFICATE));
    Files.deleteIfExists(staging);
  }

  private KeyEntry load(Instant now) throws IOException {
    PrivateDirectory directory =
        PrivateDirectory.existing(path)
            .orElseThrow(() -> PrivateDirectory.refused(path, "has just been removed"));
    Optional<String> key = directory.read(KEY, Mode.SECRET);
    Optional<String> certificate = directory.read(CERTIFICATE, Mode.PUBLIC);
    if (key.isEmpty() || certificate.isEmpty()) {
      throw PrivateDirectory.refused(
          path,
          "holds "
              + (key.isPresent()
                  ? KEY + " without " + CERTIFICATE
                  : certificate.isPresent()
                      ? CERTIFICATE + " without " + KEY
                      : "other files but neither " + KEY + " nor " + CERTIFICATE)
              + " (expected: both, or an empty directory to make a new CA in; restore the missing"
              + " file from a backup: a new CA would lock out every agent)");
    }
    X509Certificate authority = certificate(certificate.get());
    KeyEntry entry = new KeyEntry(privateKey(key.get()), List.of(authority));
    checkAuthority(entry, now);
    return entry;
  }

  private X509Certificate certificate(String text) {
    Path file = path.resolve(CERTIFICATE);
    try {
      return Pem.certificate(only(Pem.CERTIFICATE, text));
    } catch (CertificateException e) {
      throw new PkiException(
          PkiException.Code.STORAGE_REFUSED,
          file + ": " + e.getMessage() + " (expected: one certificate in PEM)",
          e);
    }
  }

  private PrivateKey privateKey(String text) {
    try {
      return Keys.decode("EC", only(Pem.PRIVATE_KEY, text));
    } catch (GeneralSecurityException e) {
      // Without the cause: nothing a parser says about a key belongs in a log.
      throw PrivateDirectory.refused(
          path.resolve(KEY), "cannot be parsed (expected: one EC private key, PKCS #8 in PEM)");
    }
  }

  private static byte[] only(String label, String text) throws CertificateException {
    List<Pem.Section> sections = Pem.parse(text);
    if (sections.size() != 1 || !sections.get(0).label().equals(label)) {
      throw new CertificateException("found " + sections + " instead of one " + label);
    }
    return sections.get(0).der();
  }

  private void checkAuthority(KeyEntry entry, Instant now) {
    X509Certificate certificate = entry.leaf();
    Path file = path.resolve(CERTIFICATE);
    if (!Keys.belongTogether(entry.privateKey(), certificate.getPublicKey())) {
      throw PrivateDirectory.refused(
          path, KEY + " is not the key of " + CERTIFICATE + " (expected: a matching pair)");
    }
    boolean[] usage = certificate.getKeyUsage();
    if (certificate.getBasicConstraints() < 0 || usage == null || !usage[5]) {
      throw PrivateDirectory.refused(file, "is no CA certificate (expected: CA:TRUE, keyCertSign)");
    }
    try {
      certificate.verify(certificate.getPublicKey());
    } catch (GeneralSecurityException e) {
      throw new PkiException(
          PkiException.Code.STORAGE_REFUSED, file + ": is not validly signed by its own key", e);
    }
    Instant first = certificate.getNotBefore().toInstant();
    Instant last = certificate.getNotAfter().toInstant();
    if (now.isBefore(first) || now.isAfter(last)) {
      throw new PkiException(
          PkiException.Code.EXPIRED,
          file + ": valid from " + first + " to " + last + " (expected: valid at " + now + ")");
    }
  }
}
