package dev.fairlead.examples;

import dev.fairlead.core.audit.AuditFinding;
import dev.fairlead.core.audit.AuditVerification;
import dev.fairlead.core.audit.AuditVerifier;
import dev.fairlead.core.audit.ChainKey;
import dev.fairlead.examples.program.Lifetime;
import dev.fairlead.examples.program.Program;
import dev.fairlead.examples.program.Screen;
import dev.fairlead.examples.program.Service;
import dev.fairlead.examples.program.Version;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** Verifies an audit trail without the hub that wrote it. */
@Command(
    name = "fairlead-audit-verify",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = "Tells whether an audit log is as the hub wrote it, and if not, where.",
    footer = {
      "",
      "Exit code 0: it is. 1: it is not, or cannot be read. 2: misuse.",
      "The last line printed tells the last record and its hash: keep them elsewhere, and hand them",
      "to --known the next time, and nobody can cut the log unseen."
    })
public final class VerifyAudit implements Service {

  @Parameters(paramLabel = "FILE", description = "the log; those that it was before lie beside it")
  private Path file;

  @Option(
      names = "--key",
      required = true,
      split = ",",
      paramLabel = "FILE",
      description = "the hub's audit-key.pem.pub; repeatable")
  private List<Path> keys;

  @Option(
      names = "--known",
      paramLabel = "RECORD:HASH",
      converter = Known.Converter.class,
      description = "a record that has to be there, as an earlier run printed it")
  private @Nullable Known known;

  private VerifyAudit() {}

  /**
   * Verifies, and ends the process.
   *
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    Program.main(new VerifyAudit(), "FAIRLEAD_AUDIT", args);
  }

  static VerifyAudit create() {
    return new VerifyAudit();
  }

  @Override
  public int run(Lifetime lifetime, Screen screen) throws Exception {
    List<PublicKey> publicKeys = new ArrayList<>();
    for (Path key : keys) {
      publicKeys.add(ChainKey.publicKeyIn(key));
    }
    AuditVerifier verifier = AuditVerifier.with(publicKeys.toArray(PublicKey[]::new));
    if (known != null) {
      verifier = verifier.knowing(known.sequence(), known.hash());
    }
    AuditVerification found = verifier.verify(file);
    AuditFinding wrong = found.finding();
    if (wrong != null) {
      screen.out().println(wrong.kind() + " " + wrong.message());
      return Program.FAILED;
    }
    screen
        .out()
        .printf(
            "%s records %d to %d, %d checkpoints, %d records not signed yet%n",
            screen.tick(), found.first(), found.last(), found.checkpoints(), found.unsigned());
    if (!found.headKnown()) {
      screen.out().println("the last checkpoint is not there: records may be missing at the end");
    }
    screen.out().println(found.last() + ":" + found.hash());
    return Program.DONE;
  }

  @Override
  public int codeWhenStopped() {
    return Program.FAILED;
  }

  /** A record that is known from elsewhere. */
  record Known(long sequence, String hash) {

    static final class Converter implements ITypeConverter<Known> {
      @Override
      public Known convert(String text) {
        if (!text.matches("[0-9]{1,18}:[0-9a-f]{64}")) {
          throw new TypeConversionException(
              "'" + text + "' (expected: RECORD:HASH, a number and 64 hexadecimal digits)");
        }
        int colon = text.indexOf(':');
        return new Known(Long.parseLong(text.substring(0, colon)), text.substring(colon + 1));
      }
    }
  }
}
