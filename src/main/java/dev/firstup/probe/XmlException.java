package dev.firstup.probe;

/** What was received is not what may stand in a stream of XML; the message says why, and shows it. */
final class XmlException extends Exception {
    private static final long serialVersionUID = 1L;

    XmlException(String message) {
        super(message);
    }
}
