/** The domain of Fairlead: what embedders see, and the contracts they may implement. */
module dev.fairlead.api {
  requires static transitive org.jspecify;

  exports dev.fairlead.api;
  exports dev.fairlead.api.audit;
  exports dev.fairlead.api.auth;
  exports dev.fairlead.api.metrics;
  exports dev.fairlead.api.store;
  exports dev.fairlead.api.transport;
}
