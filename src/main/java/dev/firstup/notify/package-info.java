/**
 * Events as text for people, and when a message is tried again. Pure: what single channels need lives in {@code notify.channel}.
 */
@NullMarked
package dev.firstup.notify;

import org.jspecify.annotations.NullMarked;
