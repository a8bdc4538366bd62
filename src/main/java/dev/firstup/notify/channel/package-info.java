/** What single channels need: Slack and mail. */
@NullMarked
package dev.firstup.notify.channel;

import org.jspecify.annotations.NullMarked;
