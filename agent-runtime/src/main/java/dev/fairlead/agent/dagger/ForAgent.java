package dev.fairlead.agent.dagger;

import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import javax.inject.Qualifier;

/**
 * Marks what {@link AgentModule} takes and whose type alone says too little: the {@link
 * java.nio.file.Path} of its directory, the {@link java.time.Duration} of its drain, and the {@link
 * java.util.random.RandomGenerator} of its jitter.
 */
@Qualifier
@Documented
@Retention(RetentionPolicy.RUNTIME)
public @interface ForAgent {}
