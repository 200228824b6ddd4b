package dev.fairlead.core.authorization;

/**
 * One entry of a rule's resources.
 *
 * @param resource the resource, or {@code *}
 * @param subresource the subresource, {@code *} for any, or empty for the resource itself
 */
record ResourcePattern(String resource, String subresource) {

  private static final String ANY = "*";

  static ResourcePattern of(String entry) {
    if (entry.equals(ANY)) {
      return new ResourcePattern(ANY, ANY);
    }
    int slash = entry.indexOf('/');
    return slash < 0
        ? new ResourcePattern(entry, "")
        : new ResourcePattern(entry.substring(0, slash), entry.substring(slash + 1));
  }

  boolean isEverything() {
    return resource.equals(ANY) && subresource.equals(ANY);
  }

  boolean matches(String asked, String askedSubresource) {
    return isEverything()
        || (resource.equals(ANY) || resource.equals(asked))
            && (subresource.equals(askedSubresource)
                || subresource.equals(ANY) && !askedSubresource.isEmpty());
  }

  /** Whether all that the other matches is matched by this. */
  boolean covers(ResourcePattern other) {
    return isEverything()
        || !other.isEverything()
            && (resource.equals(ANY) || resource.equals(other.resource))
            && (subresource.equals(other.subresource)
                || subresource.equals(ANY) && !other.subresource.isEmpty());
  }
}
