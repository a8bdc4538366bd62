package dev.firstup.model;

/** The types of DNS record that a queue can move. */
public enum RecordType {
    A,
    AAAA,
    CNAME
}
