package dev.fairlead.benchmarks.lab;

import java.util.List;

/**
 * How everything runs.
 *
 * @param largeBytes how large a transfer is
 * @param loops how many event loops a hub and an agent have
 * @param jvmFlags the flags of their JVMs
 * @param keep whether logs and files stay
 */
public record LabSettings(long largeBytes, int loops, List<String> jvmFlags, boolean keep) {}
