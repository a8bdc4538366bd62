/** What must survive a restart, in transactions: publications, events, and what is still to be told. */
package dev.firstup.store;
