/** What goes to a publisher and comes back from it. */
package dev.firstup.model.publish;
