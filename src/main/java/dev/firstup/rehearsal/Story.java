package dev.firstup.rehearsal;

/** Something that happens to the toy world, and what must come of it. */
interface Story {
    /**
     * Plays it.
     *
     * @throws OtherwiseException if anything went otherwise
     */
    void play(Stage stage);
}
