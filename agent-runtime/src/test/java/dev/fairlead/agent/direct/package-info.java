/** Clusters without an agent of their own. */
package dev.fairlead.agent.direct;
