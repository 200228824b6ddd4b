/** The few commands that exec knows. They are Java objects: nothing is ever run on the host. */
@NullMarked
package dev.fairlead.testkit.cluster.shell;

import org.jspecify.annotations.NullMarked;
