/**
 * What a hub remembers, in memory or in files: one model of immutable snapshots that both share,
 * and what keeps it on disk.
 */
@NullMarked
package dev.fairlead.core.store;

import org.jspecify.annotations.NullMarked;
