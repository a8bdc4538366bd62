/** What all probes share: threads, processes, descriptors, one probe's clock and its verdict. Knows no protocol. */
@NullMarked
package dev.firstup.probe.engine;

import org.jspecify.annotations.NullMarked;
