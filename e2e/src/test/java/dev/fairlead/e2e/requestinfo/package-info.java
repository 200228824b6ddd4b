/**
 * How the hub reads requests, compared with how the API server's own code does: what it answered
 * once is kept, and a program around it answers whatever else is asked.
 */
package dev.fairlead.e2e.requestinfo;
