package dev.firstup.probe;

import dev.firstup.model.SecretReference;
import dev.firstup.probe.tls.TlsClient;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import org.jspecify.annotations.Nullable;

/** What the options of all kinds that speak TLS say together. Files are read when an endpoint is made. */
final class TlsOptions {
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final Pattern PROTOCOL = Pattern.compile("[!-+.-~--]{1,255}");
    private static final char[] NO_PASSWORD = {};

    private final ProbeConfiguration options;
    private final Path secrets;

    /** @param secrets where {@code file:} secrets lie */
    TlsOptions(ProbeConfiguration options, Path secrets) {
        this.options = options;
        this.secrets = secrets;
    }

    /** @throws IllegalArgumentException if one of them is given, for they mean nothing there: {@code because} */
    static void refuse(ProbeConfiguration options, String because) {
        String option = !options.isVerify()
                ? "verify"
                : options.getCa() != null
                        ? "ca"
                        : options.getCertificateDays() != 0
                                ? "certificate-days"
                                : options.getTlsMin() != null
                                        ? "tls-min"
                                        : options.getClientCert() != null
                                                ? "client-cert"
                                                : options.getClientKey() != null ? "client-key" : null;
        if (option != null) {
            throw new IllegalArgumentException(option + " means nothing here: " + because);
        }
    }

    /**
     * How TLS is spoken.
     *
     * @param usual protocols that are offered (ALPN) unless an option says which; a server that knows no ALPN is spoken to all the same
     * @throws IllegalArgumentException if an option is wrong, does not go with another, or names a file that is not what it should
     *     be
     */
    TlsClient tls(String... usual) {
        String ca = options.getCa();
        if (!options.isVerify() && ca != null) {
            throw new IllegalArgumentException("ca cannot go with verify=false, which accepts every certificate");
        }
        int days = options.getCertificateDays();
        if (days < 0) {
            throw new IllegalArgumentException(
                    "certificate-days is " + days + ", expected a number of days such as 14");
        }
        KeyManager[] own = own();
        List<String> asked = protocols();
        TlsClient.Least least =
                new TlsClient.Least(days, version(), asked == null ? List.of(usual) : asked, asked != null);
        try {
            return !options.isVerify()
                    ? TlsClient.blind(own, least)
                    : ca == null
                            ? TlsClient.ofSystem(own, least)
                            : TlsClient.trusting(trusted(Path.of(ca)), own, least);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    ca == null
                            ? "this Java runtime has no TLS: " + e.getMessage()
                            : "ca cannot be read, expected certificates in the PEM file " + ca + ": " + e.getMessage(),
                    e);
        }
    }

    private @Nullable String version() {
        String version = options.getTlsMin();
        if (version == null) {
            return null;
        }
        if (!version.equals("1.2") && !version.equals("1.3")) {
            throw new IllegalArgumentException("tls-min is \"" + version + "\", expected 1.2 or 1.3");
        }
        return "TLSv" + version;
    }

    /** Those of which the server must choose one; null for none. */
    private @Nullable List<String> protocols() {
        String text = options.getAlpn();
        if (text == null) {
            return null;
        }
        List<String> protocols = List.of(text.split(",", -1));
        if (!protocols.stream().allMatch(it -> PROTOCOL.matcher(it).matches())) {
            throw new IllegalArgumentException(
                    "alpn is \"" + text + "\", expected names of protocols such as h2,http/1.1");
        }
        return protocols;
    }

    private static KeyStore trusted(Path ca) throws IOException, GeneralSecurityException {
        KeyStore trusted = empty();
        for (Certificate certificate : certificates(ca)) {
            trusted.setCertificateEntry("ca-" + trusted.size(), certificate);
        }
        return trusted;
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        return store;
    }

    private static List<Certificate> certificates(Path file) throws IOException, CertificateException {
        try (InputStream in = Files.newInputStream(file)) {
            List<Certificate> certificates =
                    new ArrayList<>(CertificateFactory.getInstance("X.509").generateCertificates(in));
            if (certificates.isEmpty()) {
                throw new CertificateException("it has no certificate");
            }
            return certificates;
        }
    }

    /** What this monitor itself shows to servers that ask for it; null for nothing. */
    private KeyManager @Nullable [] own() {
        String file = options.getClientCert();
        String reference = options.getClientKey();
        if (file == null && reference == null) {
            return null;
        }
        if (file == null || reference == null) {
            throw new IllegalArgumentException(
                    file == null
                            ? "client-key needs a client-cert"
                            : "client-cert needs a client-key, as file:NAME or env:NAME");
        }
        List<Certificate> chain;
        try {
            chain = certificates(Path.of(file));
        } catch (IOException | CertificateException e) {
            throw new IllegalArgumentException(
                    "client-cert cannot be read, expected certificates in the PEM file " + file + ": " + e.getMessage(),
                    e);
        }
        PublicKey itsKey = chain.get(0).getPublicKey();
        PrivateKey key = key(reference, itsKey.getAlgorithm());
        try {
            if (!belongs(key, itsKey)) {
                throw new IllegalArgumentException("client-key is not the key of the first certificate in " + file);
            }
            KeyStore store = empty();
            store.setKeyEntry("own", key, NO_PASSWORD, chain.toArray(Certificate[]::new));
            KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
            factory.init(store, NO_PASSWORD);
            return factory.getKeyManagers();
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException("client-cert cannot be used: " + e.getMessage(), e);
        }
    }

    /** The causes are left out: they might show some of it. */
    private PrivateKey key(String reference, String algorithm) {
        String pem;
        try {
            pem = new SecretReference(reference).read(secrets);
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new IllegalArgumentException("client-key: " + e.getMessage(), e);
        }
        Matcher found = KEY.matcher(pem);
        try {
            if (found.find()) {
                byte[] der = Base64.getMimeDecoder().decode(found.group(1));
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
            }
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            // As good as no key.
        }
        throw new IllegalArgumentException("client-key: " + reference + " holds no " + algorithm
                + " key in PKCS#8, expected a PEM file with BEGIN PRIVATE KEY (openssl pkcs8 -topk8 -nocrypt)");
    }

    private static boolean belongs(PrivateKey key, PublicKey itsKey) throws GeneralSecurityException {
        String algorithm = itsKey.getAlgorithm();
        Signature signature = Signature.getInstance(
                switch (algorithm) {
                    case "EC" -> "SHA256withECDSA";
                    case "RSA" -> "SHA256withRSA";
                    default -> algorithm;
                });
        signature.initSign(key);
        // Java's EdDSA takes no signature of nothing.
        signature.update((byte) 1);
        byte[] signed = signature.sign();
        signature.initVerify(itsKey);
        signature.update((byte) 1);
        return signature.verify(signed);
    }
}
