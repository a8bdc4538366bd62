/** The commands. The only room that may know the others: it starts them and shows what they say. */
package dev.firstup.cli;
