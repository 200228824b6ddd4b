package dev.fairlead.testkit.cluster;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request as the API server saw it: its audit record.
 *
 * @param method HTTP method
 * @param path path without query
 * @param query query string as sent, empty when there was none
 * @param user who authenticated, {@code system:anonymous} when nobody did
 * @param impersonatedUser the user it ran as, null when it did not impersonate
 * @param impersonatedGroups the groups it ran with, empty when it did not impersonate
 * @param headers header values by lower-case name; credentials are replaced by {@code ***}
 */
public record RecordedRequest(
    String method,
    String path,
    String query,
    String user,
    @Nullable String impersonatedUser,
    List<String> impersonatedGroups,
    Map<String, List<String>> headers) {}
