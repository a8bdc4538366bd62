package dev.firstup.probe;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.util.NetUtil;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.security.auth.x500.X500Principal;

/** Keys and certificates made on the spot: to start a program for each, such as keytool, takes seconds. */
final class Certificates {
    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final Duration USUAL = Duration.ofDays(90);

    private final Path folder;
    private final Map<String, Chain> all = new HashMap<>();

    /** The first certificate is that of the key. */
    private record Chain(PrivateKey key, List<X509Certificate> certificates) {
        X509Certificate first() {
            return certificates.get(0);
        }

        X509Certificate[] array() {
            return certificates.toArray(X509Certificate[]::new);
        }
    }

    /** @param folder where PEM files are put */
    Certificates(Path folder) throws GeneralSecurityException {
        this.folder = folder;
        add("ca", "CN=Test CA", "-ext", "bc:c");
    }

    /** A certificate that the test's own authority signed. */
    Certificates signed(String alias, String subject, String... more) throws GeneralSecurityException {
        return signedBy("ca", alias, subject, more);
    }

    /** A certificate that signs itself. */
    Certificates add(String alias, String subject, String... more) throws GeneralSecurityException {
        return signedBy(null, alias, subject, more);
    }

    /** @param more options as keytool has them: {@code -ext san=dns:NAME,ip:ADDRESS}, {@code -ext bc:c}, {@code -startdate},
     * {@code -validity}, the latter two in days, {@code -keyalg}, which may be a curve */
    Certificates signedBy(String issuer, String alias, String subject, String... more) throws GeneralSecurityException {
        Chain signer = all.get(issuer);
        KeyPair pair = pair(List.of(more));
        X500Principal name = new X500Principal(subject);
        X509Certificate certificate = Der.certificate(
                signer == null ? name : signer.first().getSubjectX500Principal(),
                signer == null ? pair.getPrivate() : signer.key(),
                name,
                pair.getPublic(),
                List.of(more));
        List<X509Certificate> chain = new ArrayList<>(List.of(certificate));
        chain.addAll(signer == null ? List.of() : signer.certificates());
        all.put(alias, new Chain(pair.getPrivate(), List.copyOf(chain)));
        return this;
    }

    private static KeyPair pair(List<String> options) throws GeneralSecurityException {
        int at = options.indexOf("-keyalg");
        String algorithm = at < 0 ? "secp256r1" : options.get(at + 1);
        if (!algorithm.startsWith("secp")) {
            return KeyPairGenerator.getInstance(algorithm).generateKeyPair();
        }
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(algorithm));
        return generator.generateKeyPair();
    }

    /** Has {@code alias} send the certificate {@code other} as well, which has no part in its own. */
    Certificates sending(String alias, String other) {
        Chain chain = all.get(alias);
        List<X509Certificate> longer = new ArrayList<>(chain.certificates());
        longer.add(all.get(other).first());
        all.put(alias, new Chain(chain.key(), List.copyOf(longer)));
        return this;
    }

    /** The certificate {@code alias} as a PEM file. */
    Path pem(String alias) throws IOException, GeneralSecurityException {
        return pem(alias + ".pem", "CERTIFICATE", all.get(alias).first().getEncoded());
    }

    /** The key of {@code alias} as a PEM file. */
    Path key(String alias) throws IOException, GeneralSecurityException {
        return pem(alias + ".key", "PRIVATE KEY", all.get(alias).key().getEncoded());
    }

    private Path pem(String file, String what, byte[] content) throws IOException {
        return Files.writeString(
                folder.resolve(file),
                "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder().encodeToString(content) + "\n-----END "
                        + what + "-----\n");
    }

    /** Key and certificate {@code alias} in one PEM file, as servers want them. */
    Path pemWithKey(String alias) throws IOException, GeneralSecurityException {
        String base64 =
                Base64.getMimeEncoder().encodeToString(all.get(alias).key().getEncoded());
        return Files.writeString(
                folder.resolve(alias + ".key.pem"),
                "-----BEGIN PRIVATE KEY-----\n" + base64 + "\n-----END PRIVATE KEY-----\n"
                        + Files.readString(pem(alias)));
    }

    Instant expires(String alias) throws IOException, GeneralSecurityException {
        return all.get(alias).first().getNotAfter().toInstant();
    }

    /**
     * TLS over an open connection, with the certificate {@code alias}.
     *
     * @param names takes the name that the client asks for
     */
    SSLSocket server(String alias, Socket socket, Queue<String> names) throws IOException, GeneralSecurityException {
        SSLSocket tls = (SSLSocket) context(alias, null).getSocketFactory().createSocket(socket, null, true);
        tls.setUseClientMode(false);
        SSLParameters parameters = tls.getSSLParameters();
        parameters.setSNIMatchers(List.of(into(names)));
        tls.setSSLParameters(parameters);
        return tls;
    }

    /**
     * A listener that shows the certificate {@code alias}.
     *
     * @param names takes the name that each client asks for
     */
    ServerSocket listener(String alias, Queue<String> names) throws IOException, GeneralSecurityException {
        return listener(alias, names, null);
    }

    /** The same; it trusts the certificate {@code trusted}, and those that it signed. */
    ServerSocket listener(String alias, Queue<String> names, String trusted)
            throws IOException, GeneralSecurityException {
        SSLServerSocket listener = (SSLServerSocket) context(alias, trusted)
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        SSLParameters parameters = listener.getSSLParameters();
        parameters.setSNIMatchers(List.of(into(names)));
        listener.setSSLParameters(parameters);
        return listener;
    }

    private SSLContext context(String alias, String trusted) throws IOException, GeneralSecurityException {
        // The other kinds of store want every certificate to be signed by the next one.
        KeyStore one = KeyStore.getInstance("JKS");
        one.load(null, null);
        one.setKeyEntry(alias, all.get(alias).key(), PASSWORD, all.get(alias).array());
        KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
        factory.init(one, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        TrustManager[] trust = null;
        if (trusted != null) {
            KeyStore others = KeyStore.getInstance("PKCS12");
            others.load(null, null);
            others.setCertificateEntry(trusted, all.get(trusted).first());
            TrustManagerFactory judges = TrustManagerFactory.getInstance("PKIX");
            judges.init(others);
            trust = judges.getTrustManagers();
        }
        context.init(factory.getKeyManagers(), trust, null);
        return context;
    }

    private static SNIMatcher into(Queue<String> names) {
        return new SNIMatcher(0) {
            @Override
            public boolean matches(SNIServerName name) {
                return names.add(new SNIHostName(name.getEncoded()).getAsciiName());
            }
        };
    }

    /** X.509 (RFC 5280) as far as tests need it. */
    private static final class Der {
        private static final int SEQUENCE = 0x30;
        private static final int BIT_STRING = 0x03;
        private static final byte[] TRUE = {0x01, 0x01, (byte) 0xff};
        private static final byte[] VERSION_3 = {(byte) 0xa0, 3, 2, 1, 2};
        private static final byte[] ECDSA_WITH_SHA256 = sequence(HexFormat.of().parseHex("06082a8648ce3d040302"));
        private static final byte[] ED25519 = sequence(HexFormat.of().parseHex("06032b6570"));
        private static final byte[] BASIC_CONSTRAINTS = HexFormat.of().parseHex("0603551d13");
        private static final byte[] SUBJECT_ALT_NAME = HexFormat.of().parseHex("0603551d11");
        private static final DateTimeFormatter TIME =
                DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

        static X509Certificate certificate(
                X500Principal issuer, PrivateKey signer, X500Principal subject, PublicKey key, List<String> options)
                throws GeneralSecurityException {
            Instant from = Instant.now();
            Duration validity = USUAL;
            byte[] extensions = {};
            boolean edwards = signer.getAlgorithm().equals("EdDSA");
            byte[] algorithm = edwards ? ED25519 : ECDSA_WITH_SHA256;
            for (int i = 0; i < options.size(); i += 2) {
                String value = options.get(i + 1);
                switch (options.get(i)) {
                    case "-startdate" -> from = from.plus(Duration.ofDays(Long.parseLong(value.replace("d", ""))));
                    case "-validity" -> validity = Duration.ofDays(Long.parseLong(value));
                    case "-keyalg" -> {}
                    case "-ext" -> extensions = join(extensions, extension(value));
                    default -> throw new IllegalArgumentException(options.get(i));
                }
            }
            byte[] body = sequence(
                    VERSION_3,
                    value(
                            0x02,
                            new BigInteger(64, new SecureRandom())
                                    .add(BigInteger.ONE)
                                    .toByteArray()),
                    algorithm,
                    issuer.getEncoded(),
                    sequence(time(from), time(from.plus(validity))),
                    subject.getEncoded(),
                    key.getEncoded(),
                    extensions.length == 0 ? extensions : value(0xa3, sequence(extensions)));
            Signature signature = Signature.getInstance(edwards ? "Ed25519" : "SHA256withECDSA");
            signature.initSign(signer);
            signature.update(body);
            byte[] whole = sequence(body, algorithm, value(BIT_STRING, new byte[1], signature.sign()));
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(whole));
        }

        private static byte[] extension(String text) {
            if (text.equals("bc:c")) {
                return sequence(BASIC_CONSTRAINTS, TRUE, value(0x04, sequence(TRUE)));
            }
            byte[] names = {};
            for (String name : text.substring("san=".length()).split(",")) {
                byte[] one = name.startsWith("dns:")
                        ? value(0x82, name.substring(4).getBytes(US_ASCII))
                        : value(0x87, NetUtil.createByteArrayFromIpAddressString(name.substring("ip:".length())));
                names = join(names, one);
            }
            return sequence(SUBJECT_ALT_NAME, value(0x04, sequence(names)));
        }

        private static byte[] time(Instant time) {
            return value(0x17, TIME.format(time).getBytes(US_ASCII));
        }

        private static byte[] sequence(byte[]... parts) {
            return value(SEQUENCE, parts);
        }

        private static byte[] value(int tag, byte[]... parts) {
            byte[] content = join(parts);
            int n = content.length;
            byte[] length = n < 0x80
                    ? new byte[] {(byte) n}
                    : n < 0x100
                            ? new byte[] {(byte) 0x81, (byte) n}
                            : new byte[] {(byte) 0x82, (byte) (n >> 8), (byte) n};
            return join(new byte[] {(byte) tag}, length, content);
        }

        private static byte[] join(byte[]... parts) {
            ByteArrayOutputStream whole = new ByteArrayOutputStream();
            for (byte[] part : parts) {
                whole.writeBytes(part);
            }
            return whole.toByteArray();
        }
    }
}
