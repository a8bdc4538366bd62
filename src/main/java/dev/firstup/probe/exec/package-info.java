/** Probes that run another program: monitoring plugins, and the ping of the system. */
@NullMarked
package dev.firstup.probe.exec;

import org.jspecify.annotations.NullMarked;
