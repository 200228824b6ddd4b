/** What every audit sink, and every log that reads one, has to do. */
@NullMarked
package dev.fairlead.testkit.audit;

import org.jspecify.annotations.NullMarked;
