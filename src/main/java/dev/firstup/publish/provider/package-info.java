/** DNS providers: what each is asked, and what its answers mean. No I/O. */
package dev.firstup.publish.provider;
