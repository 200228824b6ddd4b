/**
 * Where audit events go: a file of JSON lines in the form of {@code audit.k8s.io/v1}, or memory for
 * tests. A sink that cannot write says so at once, so that the request it stands for is refused.
 */
@NullMarked
package dev.fairlead.core.audit;

import org.jspecify.annotations.NullMarked;
