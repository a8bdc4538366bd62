package dev.firstup.probe;

import java.security.cert.CertificateException;
import java.time.Instant;

/** A server's certificate was not accepted. */
final class CertificateRefused extends CertificateException {
    private static final long serialVersionUID = 1L;

    private final Instant expires;

    /**
     * @param reason what is wrong with it
     * @param expires the end of its validity, which is of interest all the same
     */
    CertificateRefused(String reason, Instant expires, CertificateException cause) {
        super(reason, cause);
        this.expires = expires;
    }

    Instant expires() {
        return expires;
    }
}
