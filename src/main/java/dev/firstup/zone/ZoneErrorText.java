package dev.firstup.zone;

import java.io.EOFException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.WireParseException;
import org.xbill.DNS.lookup.LookupFailedException;
import org.xbill.DNS.lookup.ServerFailedException;

/** What went wrong, as people say it. */
final class ZoneErrorText {
    private ZoneErrorText() {}

    static String of(Throwable trouble) {
        Throwable cause = inmost(trouble);
        if (cause instanceof TimeoutException || cause instanceof SocketTimeoutException) {
            return "no answer in time";
        }
        if (refused(cause)) {
            return "connection refused";
        }
        if (unroutable(cause)) {
            return "this machine has no route there";
        }
        // The second is what dnsjava throws at values that no record can have.
        if (cause instanceof WireParseException || cause instanceof IllegalArgumentException) {
            return "its answer is not one to the question: " + cause.getMessage();
        }
        if (cause instanceof EOFException) {
            return "it closed the connection";
        }
        if (cause instanceof ServerFailedException) {
            return "the system's resolver answered SERVFAIL";
        }
        if (cause instanceof LookupFailedException && cause.getMessage() == null) {
            return "the system's resolver did not answer the question";
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    /** What is wrapped in it; null where there is no trouble. */
    static @Nullable Throwable cause(@Nullable Throwable trouble) {
        return trouble == null ? null : inmost(trouble);
    }

    private static Throwable inmost(Throwable trouble) {
        Throwable cause = trouble;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    static boolean refused(Throwable cause) {
        return cause instanceof PortUnreachableException || cause instanceof ConnectException;
    }

    /** Whether this machine has no way to the whole address family, which says nothing of the server. */
    static boolean unroutable(Throwable cause) {
        if (cause instanceof UnsupportedAddressTypeException) {
            return true;
        }
        String message = cause instanceof SocketException ? cause.getMessage() : null;
        return message != null
                && !(cause instanceof NoRouteToHostException)
                && (message.contains("Network is unreachable") || message.contains("Cannot assign requested address"));
    }
}
