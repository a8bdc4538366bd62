package dev.firstup.probe.xmpp;

/** What was received is not what may stand in a stream of XML; the message says why, and shows it. */
final class XmppStreamException extends Exception {
    private static final long serialVersionUID = 1L;

    XmppStreamException(String message) {
        super(message);
    }
}
