/** What queue files may name: the routes of the user, and what the publishers among them can do. */
@NullMarked
package dev.firstup.queue.account;

import org.jspecify.annotations.NullMarked;
