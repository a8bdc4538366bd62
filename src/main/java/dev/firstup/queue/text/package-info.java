/** How what stands in a file is shown in a message. */
package dev.firstup.queue.text;
