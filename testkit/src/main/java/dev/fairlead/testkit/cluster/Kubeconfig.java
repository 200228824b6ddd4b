package dev.fairlead.testkit.cluster;

import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.util.Base64;

/** A kubeconfig with everything embedded. */
final class Kubeconfig {
  private Kubeconfig() {}

  static String of(String url, String caPem, String user, Certificates.Issued client) {
    String certificate;
    try {
      certificate = Certificates.pem("CERTIFICATE", client.certificate().getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate just issued cannot be encoded", e);
    }
    String key = Certificates.pem("PRIVATE KEY", client.key().getEncoded());
    return """
        apiVersion: v1
        kind: Config
        clusters:
        - name: demo
          cluster:
            server: %s
            certificate-authority-data: %s
        users:
        - name: %s
          user:
            client-certificate-data: %s
            client-key-data: %s
        contexts:
        - name: demo
          context:
            cluster: demo
            user: %s
        current-context: demo
        """
        .formatted(url, base64(caPem), user, base64(certificate), base64(key), user);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
