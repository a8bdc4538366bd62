package dev.firstup.model;

/** Names that only the program's own routes, beans, timers and inner endpoints have, so that no file of a user's meets them. */
public final class ReservedNames {
    /** How each of them begins. */
    public static final String PREFIX = "firstup-";

    private ReservedNames() {}

    /** Whether {@code name} is one of them. */
    public static boolean isReserved(String name) {
        return name.startsWith(PREFIX);
    }
}
