/** What every authenticator has to pass. */
@NullMarked
package dev.fairlead.testkit.authentication;

import org.jspecify.annotations.NullMarked;
