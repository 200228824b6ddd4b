/** What modules' READMEs show, and no other example has. */
@NullMarked
package dev.fairlead.examples.readme;

import org.jspecify.annotations.NullMarked;
