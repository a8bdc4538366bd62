/**
 * The last step before a secret leaves: requests of camel-http get it when nothing of Camel's sees them any more. Only what a
 * Kamelet names as a bean to send a secret by HTTP may live here. May use the model, Camel and Apache HttpClient.
 */
@NullMarked
package dev.firstup.secret;

import org.jspecify.annotations.NullMarked;
