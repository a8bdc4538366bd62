package dev.firstup.model.notify;

import dev.firstup.model.Event;

/**
 * An event as text, ready to be told: the body that a notifier's endpoint gets.
 *
 * @param event what happened
 * @param notifier who tells it: the route {@code direct:NAME} of the accounts file
 * @param subject one short line that begins with the queue's name
 * @param text a few lines of plain text, separated by line feeds
 */
public record ChannelMessage(Event event, String notifier, String subject, String text) {

    /** Subject, an empty line, text: what endpoints that know nothing of messages print or send. */
    @Override
    public String toString() {
        return subject + "\n\n" + text;
    }
}
