package dev.fairlead.agent.upstream;

import dev.fairlead.api.InvalidException;
import dev.fairlead.api.transport.TlsMaterial;
import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.api.model.Cluster;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads what a merged kubeconfig points to. Messages never repeat what may be secret. */
final class KubeconfigAccess {

  private static final Logger log = LoggerFactory.getLogger(KubeconfigAccess.class);

  private KubeconfigAccess() {}

  static ApiAccess of(Config merged, Cluster cluster, AuthInfo user) {
    byte[] ca = material(merged.getCaCertData(), merged.getCaCertFile(), "certificate-authority");
    byte[] certificate =
        material(merged.getClientCertData(), merged.getClientCertFile(), "client-certificate");
    byte[] key = material(merged.getClientKeyData(), merged.getClientKeyFile(), "client-key");
    String token = token(merged, user);
    List<KeyManager> keyManagers = keyManagers(certificate, key);
    if (user.getExec() != null && token == null && keyManagers.isEmpty()) {
      throw new InvalidException(
          "kubeconfig: the exec plugin "
              + user.getExec().getCommand()
              + " gave no credentials (expected: a token or certificate; run it by hand to see"
              + " why)");
    }
    boolean insecure = Boolean.TRUE.equals(cluster.getInsecureSkipTlsVerify());
    TlsMaterial tls = new TlsMaterial(keyManagers, List.of(trust(ca, insecure)));
    int identity = 31 * Arrays.hashCode(ca) + Arrays.hashCode(certificate);
    return new ApiAccess(
        address(cluster.getServer()),
        tls,
        List.of(identity, Arrays.hashCode(key), insecure),
        blankToNull(cluster.getTlsServerName()),
        token);
  }

  private static URI address(String server) {
    try {
      return new URI(server);
    } catch (URISyntaxException e) {
      throw new InvalidException(
          "kubeconfig: the cluster's server is no address (expected: https://HOST[:PORT])");
    }
  }

  private static @Nullable String token(Config merged, AuthInfo user) {
    String file = blankToNull(user.getTokenFile());
    if (file != null) {
      return new String(read(file, "tokenFile"), StandardCharsets.UTF_8).strip();
    }
    String given = blankToNull(user.getToken());
    return given != null ? given : blankToNull(merged.getAutoOAuthToken());
  }

  private static TrustManager trust(byte @Nullable [] ca, boolean insecure) {
    if (insecure) {
      log.warn(
          "kubeconfig: insecure-skip-tls-verify is set, so anybody on the way can pose as the API"
              + " server");
      try {
        return SSLUtils.trustManagers(null, null, true, null, null)[0];
      } catch (GeneralSecurityException | IOException e) {
        throw new InvalidException("kubeconfig: insecure-skip-tls-verify does not work here", e);
      }
    }
    return ca == null
        ? Authorities.ofTheSystem()
        : Authorities.trusting(ca, "kubeconfig: certificate-authority");
  }

  private static List<KeyManager> keyManagers(
      byte @Nullable [] certificate, byte @Nullable [] key) {
    if (certificate == null && key == null) {
      return List.of();
    }
    if (certificate == null || key == null) {
      throw new InvalidException(
          "kubeconfig: one of client-certificate and client-key alone (expected: both or none)");
    }
    try {
      return List.of(ClientCertificate.keyManager(certificate, key));
    } catch (GeneralSecurityException | IOException | RuntimeException e) {
      // The cause may quote the key.
      throw new InvalidException(
          "kubeconfig: client-certificate and client-key cannot be used (expected: a pair in PEM, the key not encrypted)");
    }
  }

  private static byte @Nullable [] material(
      @Nullable String data, @Nullable String file, String what) {
    if (data != null && !data.isBlank()) {
      try {
        return data.startsWith("-----")
            ? data.getBytes(StandardCharsets.US_ASCII)
            : Base64.getMimeDecoder().decode(data);
      } catch (IllegalArgumentException e) {
        // The cause quotes a character of what may be a key.
        throw new InvalidException("kubeconfig: " + what + "-data is not base64 (expected: it is)");
      }
    }
    return file == null || file.isBlank() ? null : read(file, what);
  }

  private static byte[] read(String file, String what) {
    try {
      return Files.readAllBytes(Path.of(file));
    } catch (IOException | InvalidPathException e) {
      throw new InvalidException(
          "kubeconfig: the " + what + " " + file + " cannot be read (expected: a readable file)",
          e);
    }
  }

  private static @Nullable String blankToNull(@Nullable String text) {
    return text == null || text.isBlank() ? null : text;
  }
}
