/**
 * What is known to break tunnels, each fault a test by its number, over every transport; time is
 * the test's, and connections are real where the transport has any.
 */
package dev.fairlead.e2e.faults;
