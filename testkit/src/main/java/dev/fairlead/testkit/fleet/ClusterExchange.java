package dev.fairlead.testkit.fleet;

import dev.fairlead.api.Identity;
import dev.fairlead.core.http.Heads;
import dev.fairlead.core.http.HttpStream;
import dev.fairlead.core.http.Reset;
import dev.fairlead.core.tunnel.ExchangeHead;
import dev.fairlead.testkit.cluster.DemoCluster;
import dev.fairlead.testkit.cluster.wire.Reply;
import dev.fairlead.testkit.cluster.wire.WireRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One exchange that a cluster answers without a connection: as the user, or not at all. */
final class ClusterExchange implements HttpStream.Listener {

  private static final int LARGEST_BODY = 3 << 20;

  private final DemoCluster cluster;
  private final ExchangeHead exchange;
  private final HttpStream stream;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();

  private ClusterExchange(DemoCluster cluster, ExchangeHead exchange, HttpStream stream) {
    this.cluster = cluster;
    this.exchange = exchange;
    this.stream = stream;
  }

  static void serve(DemoCluster cluster, ExchangeHead exchange, HttpStream stream, boolean end) {
    ClusterExchange served = new ClusterExchange(cluster, exchange, stream);
    stream.listen(served);
    if (end) {
      served.answer();
    }
  }

  private void answer() {
    Reply reply = cluster.answer(request());
    if (reply instanceof Reply.Whole whole) {
      Http2Headers head = Heads.create().status(Integer.toString(whole.status()));
      whole.headers().forEach((name, value) -> head.set(name.toLowerCase(Locale.ROOT), value));
      head.setInt("content-length", whole.body().length);
      stream.sendHead(head, false);
      stream.sendData(Unpooled.wrappedBuffer(whole.body()), true);
    } else {
      // What lasts or switches protocols needs a connection to its cluster.
      stream.reset(Reset.REFUSED);
    }
  }

  private WireRequest request() {
    Http2Headers head = exchange.head();
    String target = head.path().toString();
    QueryStringDecoder decoded = new QueryStringDecoder(target);
    Map<String, List<String>> fields = new LinkedHashMap<>();
    for (Map.Entry<CharSequence, CharSequence> field : head) {
      String name = field.getKey().toString();
      if (!name.startsWith(":")) {
        fields.computeIfAbsent(name, first -> new ArrayList<>()).add(field.getValue().toString());
      }
    }
    impersonate(exchange.identity(), fields);
    return new WireRequest(
        head.method().toString(),
        target,
        decoded.path(),
        decoded.parameters(),
        fields,
        body.toByteArray(),
        null);
  }

  private void impersonate(Identity user, Map<String, List<String>> fields) {
    fields.keySet().removeIf(name -> name.startsWith("impersonate-"));
    fields.put("authorization", List.of("Bearer " + cluster.adminToken()));
    fields.put("impersonate-user", List.of(user.username()));
    if (!user.groups().isEmpty()) {
      fields.put("impersonate-group", List.copyOf(user.groups()));
    }
    String uid = user.uid();
    if (uid != null) {
      fields.put("impersonate-uid", List.of(uid));
    }
    user.extra()
        .forEach(
            (key, values) ->
                fields.put("impersonate-extra-" + key.toLowerCase(Locale.ROOT), values));
  }

  @Override
  public void onHead(Http2Headers head, boolean end) {
    // Came with the exchange.
  }

  @Override
  public void onData(ByteBuf data, boolean end) {
    int bytes = data.readableBytes();
    if (body.size() + bytes > LARGEST_BODY) {
      data.release();
      stream.reset(Reset.CANCEL);
      return;
    }
    body.writeBytes(ByteBufUtil.getBytes(data));
    data.release();
    stream.consume(bytes);
    if (end) {
      answer();
    }
  }

  @Override
  public void onTrailers(Http2Headers trailers) {
    answer();
  }

  @Override
  public void onReset(Reset reason) {
    // Nothing is under way here.
  }

  @Override
  public void onSent(int bytes) {
    // Answers are whole and bounded.
  }
}
