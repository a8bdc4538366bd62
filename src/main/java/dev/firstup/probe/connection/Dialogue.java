package dev.firstup.probe.connection;

import dev.firstup.probe.engine.ProbeResult;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** What is said to one server over one connection, and what its answer means. No I/O of its own; used by one thread, in order. */
public interface Dialogue {
    /** The connection stands, and is encrypted where the kind of probe begins with TLS. */
    DialogueStep connected();

    /** TLS has begun in the middle, after a {@link DialogueStep#secure()}. */
    default DialogueStep secured() {
        throw new IllegalStateException("this dialogue knows no TLS in its middle");
    }

    /**
     * Takes what has arrived, as much of it as decides something: after a step that says or ends something, what is left is given
     * to it again.
     */
    DialogueStep read(ByteBuf in);

    /**
     * What takes longer than a thread of the network may be held up, after a {@link DialogueStep#THINK}. This runs on another thread, and
     * {@link #read} may be called meanwhile.
     */
    default DialogueStep think() {
        throw new IllegalStateException("this dialogue has nothing to think about");
    }

    /** What is waited for, as people read it; null where that needs no saying. */
    default @Nullable String awaited() {
        return null;
    }

    /** The server has said all that it will; null if it broke off. */
    @Nullable
    ProbeResult end();
}
