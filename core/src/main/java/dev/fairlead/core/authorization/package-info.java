/**
 * Who may do what on which cluster: a small role model in Kubernetes' words, read from YAML or
 * built in code, that denies whatever no rule allows.
 */
@NullMarked
package dev.fairlead.core.authorization;

import org.jspecify.annotations.NullMarked;
