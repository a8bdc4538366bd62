package dev.firstup.model.dns;

/** The types of DNS record that a queue can move. */
public enum RecordType {
    A,
    AAAA,
    CNAME
}
