package dev.fairlead.auth.local;

import dev.fairlead.api.FairleadException;
import dev.fairlead.api.ForbiddenException;
import dev.fairlead.api.UnauthenticatedException;
import dev.fairlead.api.auth.Authentication;
import dev.fairlead.api.auth.BearerToken;
import dev.fairlead.auth.local.Page.Access;
import dev.fairlead.auth.local.Page.Admitted;
import dev.fairlead.core.door.RestAnswer;
import dev.fairlead.core.door.RestCall;
import dev.fairlead.core.door.RestPages;
import dev.fairlead.core.door.RestProblemException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The pages of accounts: finds the page, keeps to the limits, finds out who calls, and records all
 * of it. What cannot be recorded is not done.
 */
final class AccountPages implements RestPages {

  static final int CALLS_PER_MINUTE = 600;
  static final int SIGN_INS_PER_MINUTE = 60;
  private static final int MOST_SOURCES = 10_000;

  private final LocalAccounts accounts;
  private final Acts acts;
  private final Map<String, Map<String, Page>> pages = new HashMap<>();
  private final Rates calls;
  private final Rates signIns;

  AccountPages(LocalAccounts accounts, Acts acts, InstantSource time, String issuer) {
    this.accounts = accounts;
    this.acts = acts;
    this.calls = new Rates(CALLS_PER_MINUTE, MOST_SOURCES, time);
    this.signIns = new Rates(SIGN_INS_PER_MINUTE, MOST_SOURCES, time);
    pages.putAll(new SignInPages(accounts, issuer).pages());
    pages.putAll(new UserPages(accounts.book()).pages());
  }

  @Override
  public List<String> prefixes() {
    return List.of("/auth", "/users", "/.well-known/openid-configuration");
  }

  @Override
  public int largestBody() {
    return 8 * 1024;
  }

  @Override
  public RestAnswer answer(RestCall call) {
    List<String> segments = call.segments();
    boolean ofUser = segments.get(0).equals("users") && segments.size() > 1;
    Page page = find(call, ofUser);
    Acts.Act act =
        acts.begin(
            call, page.verb(), page.resource(), page.subresource(), ofUser ? segments.get(1) : "");
    if (page.access() == Access.PUBLIC) {
      return page.handler().answer(new Admitted(call, act, null));
    }
    int over = over(call, page);
    if (over > 0) {
      return turnedAway(act, over);
    }
    return recorded(page, call, act);
  }

  private Page find(RestCall call, boolean ofUser) {
    StringBuilder path = new StringBuilder();
    List<String> segments = call.segments();
    for (int i = 0; i < segments.size(); i++) {
      path.append('/').append(ofUser && i == 1 ? "{id}" : segments.get(i));
    }
    Map<String, Page> here = pages.get(path.toString());
    if (here == null) {
      throw new RestProblemException(404, "path: no such page (expected: as in the documentation)");
    }
    Page page = here.get(call.method());
    if (page == null) {
      String allowed = String.join(", ", new TreeSet<>(here.keySet()));
      throw new RestProblemException(
          RestAnswer.problem(405, "method: another (expected: " + allowed + ")")
              .with("allow", allowed),
          "method: another");
    }
    return page;
  }

  private int over(RestCall call, Page page) {
    String source = SourceAddress.key(call.sourceIp());
    boolean signIn = page.access() == Access.ANYONE && page.verb().equals("create");
    return signIn ? signIns.over(source) : calls.over(source);
  }

  /** The first one of a minute is recorded; all of them would be a way to fill the record. */
  private static RestAnswer turnedAway(Acts.Act act, int over) {
    if (over == 1) {
      act.received();
      act.complete(429);
    }
    return retryLater(
        RestAnswer.problem(
            429, "calls from your address: too many (expected: fewer; wait a minute)"));
  }

  private static RestAnswer retryLater(RestAnswer answer) {
    return answer.status() == 429 ? answer.with("retry-after", "60") : answer;
  }

  private RestAnswer recorded(Page page, RestCall call, Acts.Act act) {
    LocalAccounts.Bearer bearer = null;
    FairleadException refusal = null;
    try {
      bearer = admit(page, call, act);
    } catch (UnauthenticatedException | ForbiddenException e) {
      refusal = e;
    }
    act.received();
    RestAnswer answer;
    try {
      answer =
          refusal == null
              ? page.handler().answer(new Admitted(call, act, bearer))
              : RestAnswer.problem(refusal);
    } catch (RestProblemException e) {
      answer = e.answer();
    } catch (FairleadException e) {
      answer = retryLater(RestAnswer.problem(e));
    } catch (RuntimeException | Error e) {
      act.completed(500);
      throw e;
    }
    if (!act.completed(answer.status())) {
      act.takeBack();
    }
    return answer;
  }

  private LocalAccounts.@Nullable Bearer admit(Page page, RestCall call, Acts.Act act) {
    if (page.access() == Access.ANYONE) {
      return null;
    }
    String token = call.token().map(BearerToken::reveal).orElse("");
    LocalAccounts.Examined examined = accounts.examine(token);
    LocalAccounts.Bearer bearer = examined.bearer();
    if (bearer == null
        || !(examined.authentication() instanceof Authentication.Authenticated authenticated)) {
      throw new UnauthenticatedException(
          "access token: none, or one that does not hold (expected: one issued at /auth/login)");
    }
    act.by(authenticated.identity(), authenticated.credentialId());
    if (page.access() == Access.ADMINISTRATOR && !UserBook.isAdministrator(bearer.user())) {
      throw new ForbiddenException(
          "role: none that may do this (expected: " + LocalAccounts.ADMINISTRATOR + ")");
    }
    return bearer;
  }
}
