/** What was read of the names around a record, and what is wrong with them. */
package dev.firstup.model.names;
