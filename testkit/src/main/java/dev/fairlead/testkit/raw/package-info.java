/**
 * Clients that send bytes as they are, over TLS, whether or not a polite client would: for tests of
 * what a front door refuses.
 */
@NullMarked
package dev.fairlead.testkit.raw;

import org.jspecify.annotations.NullMarked;
