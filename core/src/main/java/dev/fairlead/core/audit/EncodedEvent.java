package dev.fairlead.core.audit;

import dev.fairlead.api.audit.AuditEvent;

/**
 * An event that will be written.
 *
 * @param event the event
 * @param opening what {@link EventJson#opening} made of it
 */
record EncodedEvent(AuditEvent event, byte[] opening) {}
