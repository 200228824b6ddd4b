package dev.fairlead.api;

/** Whether requests to a cluster can be expected to work. */
public enum ClusterStatus {
  /** An agent is connected and reaches the cluster's API server. */
  CONNECTED,
  /** An agent is connected, but none reaches the cluster's API server. */
  DEGRADED,
  /** No agent is connected. */
  OFFLINE
}
