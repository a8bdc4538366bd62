/** Probes that run another program: monitoring plugins, and the ping of the system. */
package dev.firstup.probe.exec;
