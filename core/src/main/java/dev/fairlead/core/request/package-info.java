/**
 * The one reading of a Kubernetes request: which cluster it is for and what it asks, from the bytes
 * of its request line. Authorisation, audit and metrics all use this reading, and the bytes it was
 * made from are the bytes that are forwarded.
 */
@NullMarked
package dev.fairlead.core.request;

import org.jspecify.annotations.NullMarked;
