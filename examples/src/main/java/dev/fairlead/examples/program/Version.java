package dev.fairlead.examples.program;

import picocli.CommandLine.IVersionProvider;

/** The version in the jar that the programs are in. */
public final class Version implements IVersionProvider {

  /** For picocli. */
  public Version() {}

  @Override
  public String[] getVersion() {
    String version = Version.class.getPackage().getImplementationVersion();
    return new String[] {"Fairlead " + (version == null ? "(not from a jar)" : version)};
  }
}
