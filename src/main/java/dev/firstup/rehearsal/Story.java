package dev.firstup.rehearsal;

/** Something that happens to the toy world, and what must come of it. */
interface Story {
    /**
     * Plays it.
     *
     * @throws UnexpectedOutcomeException if anything went otherwise
     */
    void play(Stage stage);
}
