/**
 * What tests of embedders and of transport authors stand on: a clock moved by hand, faults on
 * demand, throwaway certificates.
 */
@NullMarked
package dev.fairlead.testkit;

import org.jspecify.annotations.NullMarked;
