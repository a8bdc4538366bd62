/** What is to be told, to which channel, as text. */
package dev.firstup.model.notify;
