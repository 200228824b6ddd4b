package dev.fairlead.api.auth;

/** What somebody shows to prove who they are. */
public sealed interface Credential permits BearerToken, ClientCertificate {}
