/**
 * Networks that misbehave on demand: {@link dev.fairlead.testkit.fault.Faults} wraps any transport.
 */
@NullMarked
package dev.fairlead.testkit.fault;

import org.jspecify.annotations.NullMarked;
