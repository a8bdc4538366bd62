/**
 * The queue files: parser, validation and the live set. What is here turns bytes into the records of {@code model} and says
 * what is wrong with them; it never resolves a name, sends anything, or keeps more than the files say.
 */
@NullMarked
package dev.firstup.queue;

import org.jspecify.annotations.NullMarked;
