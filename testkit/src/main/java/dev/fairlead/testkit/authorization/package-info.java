/** The conformance kit of authorisers. */
@NullMarked
package dev.fairlead.testkit.authorization;

import org.jspecify.annotations.NullMarked;
