/** What must survive a restart, in transactions: publications, what is known of servers and ordered by hand, events, and what is still to be told. */
@NullMarked
package dev.firstup.store;

import org.jspecify.annotations.NullMarked;
