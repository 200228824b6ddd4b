/**
 * Callers that are service accounts of a cluster: the cluster itself is asked whether their tokens
 * are good.
 */
@NullMarked
package dev.fairlead.core.serviceaccount;

import org.jspecify.annotations.NullMarked;
