/**
 * A Kubernetes API server inside the JVM, real enough for an unmodified kubectl: for demos and for
 * embedders' tests.
 *
 * <p>It keeps everything in memory, runs no container, and its security is only as deep as tests
 * need. <b>Never put it on a production path.</b> {@link dev.fairlead.testkit.cluster.DemoCluster}
 * is where to begin.
 */
@NullMarked
package dev.fairlead.testkit.cluster;

import org.jspecify.annotations.NullMarked;
