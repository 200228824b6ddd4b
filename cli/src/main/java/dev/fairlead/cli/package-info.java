/**
 * The {@code fairlead} command: people sign in at a hub, and kubectl gets their credentials from
 * it. What it keeps is in one directory for its owner alone.
 */
@NullMarked
package dev.fairlead.cli;

import org.jspecify.annotations.NullMarked;
