package dev.fairlead.core.exchange;

import dev.fairlead.api.audit.AuditEvent;

/** What a request's records tell beyond the fields of Kubernetes' own, as annotations. */
enum Fact {
  /** The id of the credential. */
  CREDENTIAL("credential"),
  /** {@code allow} or {@code deny}. */
  DECISION("decision"),
  /** The role that decided. */
  ROLE("role"),
  /** The rule of it that did. */
  RULE("rule"),
  /** The limit that it ran into. */
  LIMIT("limit"),
  /** The agent that carried it. */
  AGENT("agent"),
  /** The protocol that it asked to switch to. */
  UPGRADE("upgrade"),
  /** How many bytes of body, or raw bytes, were received from the caller. */
  BYTES_IN("bytes-in"),
  /** How many were sent to the caller. */
  BYTES_OUT("bytes-out"),
  /** How long it took so far. */
  DURATION("duration-ms"),
  /** How it ended. */
  CLOSE_REASON("close-reason"),
  /** Why it was ended from here. */
  REVOKED("revoked"),
  /** The time that it was given, and that was not enough. */
  TIMEOUT("timeout");

  private final String key;

  Fact(String name) {
    this.key = AuditEvent.HUB_GROUP + "/" + name;
  }

  String key() {
    return key;
  }
}
