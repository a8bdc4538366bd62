/** How a queue is decided about, as its file says. */
package dev.firstup.model.rules;
