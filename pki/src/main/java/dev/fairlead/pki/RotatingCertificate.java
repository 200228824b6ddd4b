package dev.fairlead.pki;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * A JSSE key manager whose one key and chain can be replaced while connections are being made, so
 * that a listener outlives its certificate. Connections that are established keep what they have,
 * and so do the TLS sessions that a peer resumes: a client that must show its new certificate at
 * once dials with a new {@code SSLContext}.
 *
 * <p>A handshake asks for the alias, the chain and the key one after the other. The alias therefore
 * names one generation, and the generation before the current one stays available: a handshake that
 * a replacement overtakes ends with a key and a chain that belong together, and one overtaken twice
 * fails.
 *
 * <p>Thread-safe.
 */
public final class RotatingCertificate extends X509ExtendedKeyManager {

  private record Generation(long number, KeyEntry entry) {
    String alias() {
      return Long.toString(number);
    }
  }

  private record Generations(Generation current, @Nullable Generation previous) {
    Generations followedBy(KeyEntry entry) {
      return new Generations(new Generation(current.number + 1, entry), current);
    }
  }

  private volatile Generations generations;

  private RotatingCertificate(KeyEntry first) {
    generations = new Generations(new Generation(1, first), null);
  }

  static RotatingCertificate of(KeyEntry entry) {
    return new RotatingCertificate(entry);
  }

  /**
   * Begins with a server's certificate.
   *
   * @param first the certificate to show until it is replaced
   * @return a key manager for a listener
   */
  public static RotatingCertificate of(ServerCertificate first) {
    return new RotatingCertificate(first.entry());
  }

  /**
   * Begins with an agent's certificate.
   *
   * @param first the certificate to show until it is replaced
   * @return a key manager for an agent's connections
   */
  public static RotatingCertificate of(AgentCredentials first) {
    return new RotatingCertificate(first.entry());
  }

  /**
   * Shows another certificate from the next handshake on.
   *
   * @param next the new certificate
   */
  public void replace(ServerCertificate next) {
    replace(next.entry());
  }

  /**
   * Shows another certificate from the next handshake on.
   *
   * @param next the new certificate
   */
  public void replace(AgentCredentials next) {
    replace(next.entry());
  }

  /**
   * When the certificate that is now being shown expires.
   *
   * @return the end of its validity
   */
  public Instant notAfter() {
    return generations.current().entry().leaf().getNotAfter().toInstant();
  }

  /**
   * Whether it is time for another one: a third of its life is over; or it has not begun yet,
   * because it was issued by a clock that was ahead.
   *
   * @param now the moment by the wall clock
   * @return whether the certificate that is now being shown should be replaced
   */
  public boolean isDue(Instant now) {
    X509Certificate shown = generations.current().entry().leaf();
    Instant begin = shown.getNotBefore().toInstant();
    Duration life = Duration.between(begin, notAfter());
    return now.isBefore(begin) || !now.isBefore(begin.plus(life.dividedBy(3)));
  }

  private synchronized void replace(KeyEntry entry) {
    generations = generations.followedBy(entry);
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      @Nullable String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return choose(issuers, keyType);
  }

  @Override
  public @Nullable String chooseServerAlias(
      @Nullable String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return choose(issuers, keyType);
  }

  @Override
  public @Nullable String chooseEngineClientAlias(
      String @Nullable [] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return choose(issuers, keyTypes);
  }

  @Override
  public @Nullable String chooseClientAlias(
      String @Nullable [] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return choose(issuers, keyTypes);
  }

  @Override
  public String @Nullable [] getServerAliases(
      @Nullable String keyType, Principal @Nullable [] issuers) {
    return aliases(choose(issuers, keyType));
  }

  @Override
  public String @Nullable [] getClientAliases(
      @Nullable String keyType, Principal @Nullable [] issuers) {
    return aliases(choose(issuers, keyType));
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(@Nullable String alias) {
    KeyEntry entry = named(alias);
    return entry == null ? null : entry.chain().toArray(X509Certificate[]::new);
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(@Nullable String alias) {
    KeyEntry entry = named(alias);
    return entry == null ? null : entry.privateKey();
  }

  /** Names the certificate shown, never the key. */
  @Override
  public String toString() {
    return "RotatingCertificate[" + generations.current().entry() + "]";
  }

  private static String @Nullable [] aliases(@Nullable String alias) {
    return alias == null ? null : new String[] {alias};
  }

  private @Nullable KeyEntry named(@Nullable String alias) {
    Generations now = generations;
    if (now.current().alias().equals(alias)) {
      return now.current().entry();
    }
    Generation previous = now.previous();
    return previous != null && previous.alias().equals(alias) ? previous.entry() : null;
  }

  private @Nullable String choose(
      Principal @Nullable [] issuers, @Nullable String @Nullable ... keyTypes) {
    Generation current = generations.current();
    boolean typeFits =
        keyTypes != null && Arrays.stream(keyTypes).anyMatch(type -> fits(type, current.entry()));
    return typeFits && issuedByOneOf(issuers, current.entry()) ? current.alias() : null;
  }

  /** Key types are an algorithm, in older TLS followed by that of the signature: EC, EC_EC, RSA. */
  private static boolean fits(@Nullable String keyType, KeyEntry entry) {
    String algorithm = entry.privateKey().getAlgorithm();
    return keyType != null && (keyType.equals(algorithm) || keyType.startsWith(algorithm + "_"));
  }

  /** None named means any (RFC 8446, section 4.2.4). */
  private static boolean issuedByOneOf(Principal @Nullable [] issuers, KeyEntry entry) {
    if (issuers == null || issuers.length == 0) {
      return true;
    }
    return entry.chain().stream()
        .anyMatch(shown -> Arrays.asList(issuers).contains(shown.getIssuerX500Principal()));
  }
}
