package dev.fairlead.core.http;

import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;

/**
 * Reads responses strictly, and knows the request that a response belongs to, as a response to HEAD
 * has no body.
 */
final class Http1ResponseDecoder extends HttpResponseDecoder {

  private static final int MAX_HEADERS = 256 * 1024;
  private static final int MAX_CHUNK = 64 * 1024;

  private boolean head;

  Http1ResponseDecoder() {
    super(
        new HttpDecoderConfig()
            .setMaxHeaderSize(MAX_HEADERS)
            .setMaxChunkSize(MAX_CHUNK)
            .setAllowDuplicateContentLengths(false));
  }

  void begin(boolean requestIsHead) {
    head = requestIsHead;
  }

  @Override
  protected boolean isContentAlwaysEmpty(HttpMessage message) {
    return head || isSwitching(message) || super.isContentAlwaysEmpty(message);
  }

  private static boolean isSwitching(HttpMessage message) {
    return message instanceof HttpResponse response && response.status().code() == 101;
  }

  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new IllegalArgumentException(
        "response: Content-Length and Transfer-Encoding (expected: one of them)");
  }
}
