/** DNS providers: what each is asked, and what its answers mean. No I/O. */
@NullMarked
package dev.firstup.publish.provider;

import org.jspecify.annotations.NullMarked;
