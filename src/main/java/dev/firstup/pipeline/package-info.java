/**
 * What the pipeline's routes need of Camel that it does not bring.
 */
package dev.firstup.pipeline;
