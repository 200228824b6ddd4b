/**
 * Who may do what on which cluster: a role model in Kubernetes' words, read from YAML or built in
 * code, compiled for decisions, which denies whatever no rule allows.
 */
@NullMarked
package dev.fairlead.core.authorization;

import org.jspecify.annotations.NullMarked;
