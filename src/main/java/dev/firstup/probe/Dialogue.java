package dev.firstup.probe;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** What is said to one server over one connection, and what its answer means. Used by one thread, in order. */
interface Dialogue {
    /** What the probe says first. */
    ByteBuf opening(ByteBufAllocator buffers);

    /** Takes what has arrived; null while that decides nothing. */
    Finding read(ByteBuf in);

    /** The server has said all that it will; null if it broke off. */
    Finding end();
}
