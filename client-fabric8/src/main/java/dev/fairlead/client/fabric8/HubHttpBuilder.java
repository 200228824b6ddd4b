package dev.fairlead.client.fabric8;

import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.StandardHttpClientBuilder;
import java.util.concurrent.atomic.AtomicBoolean;

/** A client derived from another shares its threads and its end. */
final class HubHttpBuilder
    extends StandardHttpClientBuilder<HubHttpClient, HubHttp, HubHttpBuilder> {

  HubHttpBuilder(HubHttp factory) {
    super(factory);
  }

  @Override
  public HttpClient build() {
    return client == null
        ? new HubHttpClient(
            this, new AtomicBoolean(), new Calls(clientFactory.cluster(), clientFactory.identity()))
        : new HubHttpClient(this, client.getClosed(), client.calls());
  }

  @Override
  protected HubHttpBuilder newInstance(HubHttp factory) {
    return new HubHttpBuilder(factory);
  }
}
