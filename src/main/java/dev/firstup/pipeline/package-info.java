/**
 * What the pipeline's routes need of Camel that it does not bring.
 */
@NullMarked
package dev.firstup.pipeline;

import org.jspecify.annotations.NullMarked;
