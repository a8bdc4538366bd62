package dev.firstup.probe;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** Keys and certificates made on the spot, with the JDK's own keytool. */
final class Certificates {
    private static final char[] PASSWORD = "changeit".toCharArray();

    private final Path folder;
    private final Path file;

    /** @param folder where they are kept */
    Certificates(Path folder) throws IOException, InterruptedException {
        this.folder = folder;
        file = folder.resolve("keys.p12");
        add("ca", "CN=Test CA", "-ext", "bc:c", "-ext", "ku=keyCertSign");
    }

    /** A certificate that the test's own authority signed. */
    Certificates signed(String alias, String subject, String... more) throws IOException, InterruptedException {
        List<String> options = new ArrayList<>(List.of("-signer", "ca"));
        options.addAll(List.of(more));
        return add(alias, subject, options.toArray(String[]::new));
    }

    Certificates add(String alias, String subject, String... more) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                new String(PASSWORD),
                "-alias",
                alias,
                "-dname",
                subject));
        command.addAll(List.of(more));
        Process keytool = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start();
        if (keytool.waitFor() != 0) {
            throw new IOException(Files.readString(folder.resolve("keytool.log")));
        }
        return this;
    }

    /** The certificate {@code alias} as a PEM file. */
    Path pem(String alias) throws IOException, GeneralSecurityException {
        String base64 = Base64.getMimeEncoder()
                .encodeToString(keys().getCertificate(alias).getEncoded());
        return Files.writeString(
                folder.resolve(alias + ".pem"),
                "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n");
    }

    /** Key and certificate {@code alias} in one PEM file, as servers want them. */
    Path pemWithKey(String alias) throws IOException, GeneralSecurityException {
        String base64 = Base64.getMimeEncoder()
                .encodeToString(keys().getKey(alias, PASSWORD).getEncoded());
        return Files.writeString(
                folder.resolve(alias + ".key.pem"),
                "-----BEGIN PRIVATE KEY-----\n" + base64 + "\n-----END PRIVATE KEY-----\n"
                        + Files.readString(pem(alias)));
    }

    Instant expires(String alias) throws IOException, GeneralSecurityException {
        return ((X509Certificate) keys().getCertificate(alias)).getNotAfter().toInstant();
    }

    /**
     * TLS over an open connection, with the certificate {@code alias}.
     *
     * @param names takes the name that the client asks for
     */
    SSLSocket server(String alias, Socket socket, Queue<String> names) throws IOException, GeneralSecurityException {
        SSLSocket tls = (SSLSocket) context(alias).getSocketFactory().createSocket(socket, null, true);
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
        SSLServerSocket listener = (SSLServerSocket)
                context(alias).getServerSocketFactory().createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        SSLParameters parameters = listener.getSSLParameters();
        parameters.setSNIMatchers(List.of(into(names)));
        listener.setSSLParameters(parameters);
        return listener;
    }

    private SSLContext context(String alias) throws IOException, GeneralSecurityException {
        KeyStore one = KeyStore.getInstance("PKCS12");
        one.load(null, null);
        one.setKeyEntry(alias, keys().getKey(alias, PASSWORD), PASSWORD, keys().getCertificateChain(alias));
        KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
        factory.init(one, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
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

    private KeyStore keys() throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD);
        }
        return keys;
    }
}
