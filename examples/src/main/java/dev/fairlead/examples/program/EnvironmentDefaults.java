package dev.fairlead.examples.program;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Options that were not given come from environment variables: {@code --tls-key} from {@code
 * PREFIX_TLS_KEY}.
 */
final class EnvironmentDefaults implements IDefaultValueProvider {

  private final String prefix;
  private final Map<String, String> environment;

  EnvironmentDefaults(String prefix, Map<String, String> environment) {
    this.prefix = prefix;
    this.environment = environment;
  }

  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    if (!(argument instanceof OptionSpec option) || option.usageHelp() || option.versionHelp()) {
      return null;
    }
    String name = option.longestName().replaceFirst("^-+", "").replace('-', '_');
    String value = environment.get(prefix + "_" + name.toUpperCase(Locale.ROOT));
    return value == null || value.isEmpty() ? null : value;
  }
}
