/**
 * How a cluster's agent gets into the fleet, stays in it and is told apart: install tokens,
 * certificates, admission.
 */
@NullMarked
package dev.fairlead.core.enrolment;

import org.jspecify.annotations.NullMarked;
