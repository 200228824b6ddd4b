package dev.fairlead.auth.oidc;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.fairlead.api.TransportException;
import java.text.ParseException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Finds an issuer's endpoints (OpenID Connect Discovery 1.0). */
final class Discovery {

  private static final String PATH = "/.well-known/openid-configuration";

  private final String issuer;
  private final Destination document;
  private final Fetcher fetcher;

  Discovery(String issuer, Destination at, Fetcher fetcher) {
    this.issuer = issuer;
    this.document = at.below(PATH);
    this.fetcher = fetcher;
  }

  /** Where the issuer's document says that something is; fails if it may not be there. */
  CompletableFuture<Destination> find(String name) {
    return fetcher.get(document).thenApply(text -> named(name, text));
  }

  private Destination named(String name, String text) {
    Map<String, Object> metadata;
    try {
      metadata = JSONObjectUtils.parse(text);
    } catch (ParseException e) {
      throw new TransportException(document + ": no JSON object (expected: OpenID metadata)");
    }
    if (!issuer.equals(metadata.get("issuer"))) {
      throw new TransportException(document + ": is of another issuer (expected: " + issuer + ")");
    }
    return document
        .named(String.valueOf(metadata.get(name)))
        .orElseThrow(
            () ->
                new TransportException(
                    document
                        + ": "
                        + name
                        + " cannot be used (expected: an https URL, not on this machine unless the"
                        + " issuer is)"));
  }
}
