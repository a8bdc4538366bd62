/** One queue file from its bytes to a queue, or to all that is wrong with it. */
package dev.firstup.queue.parse;
