package dev.fairlead.cli;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/** Sign-in with a code that is typed into a browser somewhere else (RFC 8628). */
final class DeviceSignIn {

  private static final String GRANT = "urn:ietf:params:oauth:grant-type:device_code";
  private static final Duration INTERVAL = Duration.ofSeconds(5);
  private static final Duration SLOWER = Duration.ofSeconds(5);
  private static final Duration LONGEST_INTERVAL = Duration.ofMinutes(1);
  private static final Duration LONGEST = Duration.ofMinutes(30);

  private final IssuerSignIn at;
  private final InstantSource clock;
  private final Pause pause;
  private final Talk talk;

  DeviceSignIn(IssuerSignIn at, InstantSource clock, Pause pause, Talk talk) {
    this.at = at;
    this.clock = clock;
    this.pause = pause;
    this.talk = talk;
  }

  /** Shows the code, and returns when it was used. */
  Tokens run() {
    Issuer issuer = at.issuer();
    URI endpoint = issuer.endpoint("device_authorization_endpoint", "sign-in by device code");
    Answer device =
        issuer
            .calls()
            .postForm(endpoint, Map.of("client_id", at.client().clientId(), "scope", at.scope()));
    Optional<String> code = Json.text(device.body(), "device_code");
    Optional<String> shown = Json.text(device.body(), "user_code");
    Optional<String> page = Json.text(device.body(), "verification_uri");
    if (!device.isDone() || code.isEmpty() || shown.isEmpty() || page.isEmpty()) {
      throw new Refusal(issuer.name() + ": gave no device code: " + device.reason());
    }
    talk.say("Open " + talk.bold(Answer.printable(page.get())));
    talk.say("and enter the code " + talk.bold(Answer.printable(shown.get())));
    Json.text(device.body(), "verification_uri_complete")
        .ifPresent(whole -> talk.say("or open " + Answer.printable(whole)));
    Duration life = seconds(device, "expires_in").orElse(LONGEST);
    return await(code.get(), life, seconds(device, "interval").orElse(INTERVAL));
  }

  private Tokens await(String code, Duration life, Duration first) {
    Map<String, String> fields = at.fields(GRANT);
    fields.put("device_code", code);
    Instant end = clock.instant().plus(life.compareTo(LONGEST) < 0 ? life : LONGEST);
    Duration interval = bounded(first);
    try {
      while (clock.instant().plus(interval).isBefore(end)) {
        talk.progress("waiting for you to agree there", Duration.between(clock.instant(), end));
        pause.pause(interval);
        Answer answer;
        try {
          answer = at.ask(fields);
        } catch (Refusal.Unreachable e) {
          // RFC 8628 section 3.5: less often while it cannot be reached.
          interval = bounded(interval.multipliedBy(2));
          continue;
        }
        if (answer.isDone()) {
          return at.tokens(answer);
        }
        switch (answer.error()) {
          case "authorization_pending" -> {}
          case "slow_down" -> interval = bounded(interval.plus(SLOWER));
          case "access_denied" -> throw new Refusal("sign-in was denied in the browser");
          case "expired_token" -> throw expired();
          default -> {
            if (!answer.isServersFault()) {
              throw new Refusal(at.issuer().name() + ": " + answer.reason());
            }
            interval = bounded(interval.multipliedBy(2));
          }
        }
      }
    } finally {
      talk.progressEnds();
    }
    throw expired();
  }

  private static Duration bounded(Duration interval) {
    if (interval.compareTo(Duration.ofSeconds(1)) < 0) {
      return Duration.ofSeconds(1);
    }
    return interval.compareTo(LONGEST_INTERVAL) > 0 ? LONGEST_INTERVAL : interval;
  }

  private static Refusal expired() {
    return new Refusal("the code was not used in time; run fairlead login again");
  }

  private static Optional<Duration> seconds(Answer answer, String name) {
    return answer.body().get(name) instanceof Long number && number > 0 && number < 1 << 20
        ? Optional.of(Duration.ofSeconds(number))
        : Optional.empty();
  }
}
