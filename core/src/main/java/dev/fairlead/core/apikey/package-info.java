/**
 * API keys: bearer tokens of the hub's own for people's scripts and for services, each good for no
 * more than its owner may do, and for as little as one likes.
 */
@NullMarked
package dev.fairlead.core.apikey;

import org.jspecify.annotations.NullMarked;
