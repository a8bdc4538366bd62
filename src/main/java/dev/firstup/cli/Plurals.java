package dev.firstup.cli;

/** Numbers and nouns. */
final class Plurals {
    private Plurals() {}

    static String count(int number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }
}
