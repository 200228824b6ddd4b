package dev.fairlead.e2e;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;

/**
 * Something that is refused.
 *
 * @param number the row of the table in docs/security.md
 * @param expected a pattern of the status, or of {@code reset} or {@code closed}
 */
record RefusalRow(int number, String name, String expected, Sender sender) {

  /** Sends it. The mark stands in the path, so that what arrives can be told. */
  interface Sender {
    Wire.Answer send(RefusalSite site, String mark) throws Exception;
  }

  /** A request's fields, which may need what the site knows. */
  interface Fields {
    List<String> of(RefusalSite site);
  }

  @Override
  public String toString() {
    return number + " " + name;
  }

  /** Gathers rows. */
  static final class Rows {

    private static final String GONE_WRONG = "reset|closed|400";

    private final List<RefusalRow> all = new ArrayList<>();
    private int number;

    List<RefusalRow> all() {
      return List.copyOf(all);
    }

    Rows row(int next) {
      number = next;
      return this;
    }

    /** The configmaps of a namespace that only this attack names. */
    static String maps(String mark) {
      return "/clusters/real/api/v1/namespaces/" + mark + "/configmaps";
    }

    static List<String> as(String token, String... more) {
      List<String> fields = new ArrayList<>(List.of("Authorization: Bearer " + token));
      fields.addAll(List.of(more));
      return fields;
    }

    /** The same request over HTTP/1.1 and over HTTP/2. */
    void both(String name, String expected, Fields fields) {
      both(name, expected, "GET", "h", (site, mark) -> maps(mark), fields);
    }

    void both(
        String name,
        String expected,
        String method,
        String host,
        BiFunction<RefusalSite, String, String> target,
        Fields fields) {
      add(
          name + ", HTTP/1.1",
          expected,
          (site, mark) ->
              Wire.http1(
                  site,
                  Wire.request(method, target.apply(site, mark), host, fields.of(site)),
                  false));
      add(
          name + ", HTTP/2",
          expected,
          (site, mark) ->
              Wire.http2(
                  site,
                  Wire.block(method, target.apply(site, mark), host, lower(fields.of(site)))));
    }

    private static List<String> lower(List<String> fields) {
      return fields.stream()
          .map(
              field -> {
                int colon = field.indexOf(':');
                return field.substring(0, colon).toLowerCase(Locale.ROOT) + field.substring(colon);
              })
          .toList();
    }

    /** Bytes of HTTP/1.1 alone, in which {@code {maps}} stands for the target. */
    void http1(String name, String expected, String bytes) {
      add(
          name + ", HTTP/1.1",
          expected,
          (site, mark) -> Wire.http1(site, bytes.replace("{maps}", maps(mark)), false));
    }

    /** The same, behind whose answer the connection has to end. */
    void http1AndEnd(String name, String expected, String bytes) {
      add(
          name + ", HTTP/1.1",
          expected,
          (site, mark) -> Wire.http1(site, bytes.replace("{maps}", maps(mark)), true));
    }

    /** Fields of HTTP/2 alone that no codec would send, as they are. */
    void http2(String name, String method, String... fields) {
      List<String> all = new ArrayList<>(List.of("authorization: Bearer " + User.ALICE.token()));
      all.addAll(List.of(fields));
      add(
          name + ", HTTP/2",
          GONE_WRONG + "|403|405",
          (site, mark) -> Wire.http2(site, Wire.block(method, maps(mark), "h", all)));
    }

    private void add(String name, String expected, Sender sender) {
      all.add(new RefusalRow(number, name, expected, sender));
    }
  }
}
