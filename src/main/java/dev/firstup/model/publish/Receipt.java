package dev.firstup.model.publish;

import org.jspecify.annotations.Nullable;

/**
 * What a publisher returns when its host took the record. A publisher that returns anything else has confirmed too.
 *
 * @param unchanged the host says that it had this value already
 * @param answer what the host said, without any secret
 * @param ticket under which the host tells later whether it is done; null where it is done now
 */
public record Receipt(boolean unchanged, String answer, @Nullable String ticket) {
    /** That the host has the record now. */
    public static Receipt of(String answer) {
        return new Receipt(false, answer, null);
    }
}
