package dev.fairlead.pki;

import static java.util.Objects.requireNonNull;

import dev.fairlead.pki.PrivateDirectory.Mode;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/** Keys in one file of a private directory, replaced by one rename. */
final class DirectoryAgentKeys implements AgentKeys {

  static final String FILE = "agent.pem";

  private static final String UNFINISHED = "." + FILE + ".new-";
  private static final List<String> LAYOUT =
      List.of(Pem.PRIVATE_KEY, Pem.CERTIFICATE, Pem.CERTIFICATE);

  private final Path path;
  private final SecureRandom random;

  private DirectoryAgentKeys(Path path, SecureRandom random) {
    this.path = path;
    this.random = random;
  }

  static DirectoryAgentKeys open(Path directory, SecureRandom random) {
    Path path = directory.toAbsolutePath().normalize();
    try {
      if (PrivateDirectory.existing(path).isEmpty()) {
        create(path);
      }
      removeUnfinished(path);
    } catch (IOException e) {
      throw PrivateDirectory.failed(path, e);
    }
    return new DirectoryAgentKeys(path, random);
  }

  @Override
  public KeyPair newKeyPair() {
    return Keys.newP256(random);
  }

  @Override
  public byte[] csr(KeyPair keys) {
    return CertificateRequest.of(keys, random);
  }

  @Override
  public void save(AgentCredentials credentials) {
    requireNonNull(credentials, "credentials");
    String text =
        Pem.encode(Pem.PRIVATE_KEY, credentials.privateKey().getEncoded())
            + Pem.encode(credentials.certificate())
            + Pem.encode(credentials.hubCa());
    try {
      PrivateDirectory directory = directory();
      String unfinished = UNFINISHED + PrivateDirectory.unique(random);
      try {
        Path written = directory.write(unfinished, Mode.SECRET, text);
        Files.move(written, path.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(path.resolve(unfinished));
      }
      PrivateDirectory.sync(path);
    } catch (IOException e) {
      throw PrivateDirectory.failed(path, e);
    }
  }

  @Override
  public Optional<AgentCredentials> load() {
    try {
      return directory().read(FILE, Mode.SECRET).map(this::parse);
    } catch (IOException e) {
      throw PrivateDirectory.failed(path, e);
    }
  }

  @Override
  public String toString() {
    return "AgentKeys[" + path + "]";
  }

  private PrivateDirectory directory() throws IOException {
    return PrivateDirectory.existing(path)
        .orElseThrow(
            () -> PrivateDirectory.refused(path, "is gone (expected: the agent's directory)"));
  }

  private AgentCredentials parse(String text) {
    Path file = path.resolve(FILE);
    List<Pem.Section> sections;
    try {
      sections = Pem.parse(text);
    } catch (CertificateException e) {
      throw damaged(file, String.valueOf(e.getMessage()));
    }
    if (!sections.stream().map(Pem.Section::label).toList().equals(LAYOUT)) {
      throw damaged(file, "has " + sections.size() + " sections, not those three");
    }
    try {
      X509Certificate certificate = Pem.certificate(sections.get(1).der());
      X509Certificate hubCa = Pem.certificate(sections.get(2).der());
      PrivateKey key =
          Keys.decode(certificate.getPublicKey().getAlgorithm(), sections.get(0).der());
      return AgentCredentials.of(key, certificate, hubCa);
    } catch (PkiException e) {
      throw damaged(file, String.valueOf(e.getMessage()));
    } catch (GeneralSecurityException e) {
      // Without the cause: nothing a parser says about a key belongs in a log.
      throw damaged(file, "a section cannot be decoded");
    }
  }

  private static PkiException damaged(Path file, String what) {
    return PrivateDirectory.refused(
        file,
        what
            + " (expected: private key, certificate and CA certificate in PEM; delete the file and"
            + " enrol again)");
  }

  private static void create(Path path) throws IOException {
    Path parent = path.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    try {
      PrivateDirectory.create(path);
    } catch (FileAlreadyExistsException e) {
      // Somebody was faster; theirs has to be private, too.
      if (PrivateDirectory.existing(path).isEmpty()) {
        throw e;
      }
    }
  }

  private static void removeUnfinished(Path path) throws IOException {
    try (DirectoryStream<Path> unfinished = Files.newDirectoryStream(path, UNFINISHED + "*")) {
      for (Path file : unfinished) {
        Files.deleteIfExists(file);
      }
    }
  }
}
