/**
 * Events as text for people, and what the Kamelets {@code mail} and {@code slack} need to tell it. Nothing here decides who is
 * told or when. May use the model and the room {@code secret}.
 */
package dev.firstup.notify;
