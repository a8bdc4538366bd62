/**
 * Events as text for people, and what the Kamelets {@code mail} and {@code slack} need to tell it. Nothing here decides who is
 * told or when.
 */
package dev.firstup.notify;
