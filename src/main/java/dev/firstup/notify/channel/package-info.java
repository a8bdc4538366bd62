/** What single channels need: Slack and mail. */
package dev.firstup.notify.channel;
