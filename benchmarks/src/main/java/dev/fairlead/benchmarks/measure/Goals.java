package dev.fairlead.benchmarks.measure;

import dev.fairlead.benchmarks.report.Figure.Goal;
import java.util.Map;

/** Goals by way: on gRPC with a Netty of its own, on gRPC on a shared event loop, on WebSocket. */
final class Goals {

  private Goals() {}

  static Map<String, Goal> atLeast(double grpc, double grpcLoop, double webSocket) {
    return Map.of(
        "grpc",
        Goal.atLeast(grpc),
        "grpc-loop",
        Goal.atLeast(grpcLoop),
        "websocket",
        Goal.atLeast(webSocket));
  }

  static Map<String, Goal> all(Goal goal) {
    return Map.of("grpc", goal, "grpc-loop", goal, "websocket", goal);
  }

  static Map<String, Goal> atMost(double grpc, double webSocket) {
    return Map.of(
        "grpc",
        Goal.atMost(grpc),
        "grpc-loop",
        Goal.atMost(grpc),
        "websocket",
        Goal.atMost(webSocket));
  }
}
