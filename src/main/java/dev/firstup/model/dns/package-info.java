/** Values of DNS, each in one form only, so that equal ones are equal texts. */
package dev.firstup.model.dns;
