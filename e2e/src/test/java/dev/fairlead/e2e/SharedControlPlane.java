package dev.fairlead.e2e;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests the control plane that all classes share: started by the first, stopped at the end.
 */
final class SharedControlPlane implements ParameterResolver {

  private static final Namespace NAMESPACE = Namespace.create(SharedControlPlane.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == ControlPlane.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .computeIfAbsent(ControlPlane.class, key -> start(), ControlPlane.class);
  }

  private static ControlPlane start() {
    ControlPlane plane = ControlPlane.up(Places.directory("control-plane"));
    plane.bindUsers();
    return plane;
  }
}
