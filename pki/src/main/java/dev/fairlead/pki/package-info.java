/**
 * The hub's certificate authority and the agent's key: who may speak for which cluster, proved by
 * X.509 (RFC 5280) and PKCS #10 (RFC 2986), and the TLS trust that follows from it.
 *
 * <p>Cryptography comes from whatever JCA and JSSE providers the JVM is configured with; no
 * provider is registered or named here. Instances are immutable and safe for use by several threads
 * unless a type says otherwise.
 */
@NullMarked
package dev.fairlead.pki;

import org.jspecify.annotations.NullMarked;
