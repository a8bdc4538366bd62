/** What all probes share: threads, processes, descriptors, one probe's clock and its verdict. Knows no protocol. */
package dev.firstup.probe.engine;
