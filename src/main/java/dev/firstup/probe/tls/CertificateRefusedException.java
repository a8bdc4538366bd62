package dev.firstup.probe.tls;

import java.security.cert.CertificateException;
import java.time.Instant;

/** A server's certificate was not accepted. */
public final class CertificateRefusedException extends CertificateException {
    private static final long serialVersionUID = 1L;

    private final Instant expires;

    /**
     * @param reason what is wrong with it
     * @param expires the end of its validity, which is of interest all the same
     */
    CertificateRefusedException(String reason, Instant expires, CertificateException cause) {
        super(reason, cause);
        this.expires = expires;
    }

    public Instant expires() {
        return expires;
    }
}
