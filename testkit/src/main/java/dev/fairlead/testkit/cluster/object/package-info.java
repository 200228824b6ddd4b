/**
 * What a Kubernetes object is, without any state: kinds, structural schema, patches, field
 * ownership, selectors and the errors the API answers with. All of it works on Jackson trees.
 */
@NullMarked
package dev.fairlead.testkit.cluster.object;

import org.jspecify.annotations.NullMarked;
