package dev.firstup.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** An SMTP server that is not ours nor Java's: Debian's python3-aiosmtpd. Without it, tests are skipped, but never in CI. */
final class SmtpServer implements AutoCloseable {
    private static final String PYTHON = "/usr/bin/python3";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final BufferedReader lines;
    private final int port;

    SmtpServer(String mode, Path certificate, Path key, String user, String password) throws Exception {
        process = new ProcessBuilder(
                        PYTHON,
                        "src/test/resources/smtp-server.py",
                        mode,
                        certificate.toString(),
                        key.toString(),
                        user,
                        password)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        lines = process.inputReader();
        port = next().required("port").intValue();
    }

    /** Makes a certificate for {@code name}, {@code cert.pem} and {@code key.pem} in {@code folder}, or skips the test. */
    static void certify(Path folder, String name) throws Exception {
        boolean there = succeeds(PYTHON, "-c", "import aiosmtpd") && succeeds("openssl", "version");
        if (System.getenv("CI") == null) {
            assumeTrue(there, "needs the Debian packages python3-aiosmtpd and openssl");
        }
        assertThat(there).as("Debian packages python3-aiosmtpd and openssl").isTrue();
        assertThat(succeeds(
                        "openssl",
                        "req",
                        "-x509",
                        "-newkey",
                        "ec",
                        "-pkeyopt",
                        "ec_paramgen_curve:prime256v1",
                        "-nodes",
                        "-days",
                        "2",
                        "-subj",
                        "/CN=" + name,
                        "-addext",
                        "subjectAltName=DNS:" + name,
                        "-keyout",
                        folder.resolve("key.pem").toString(),
                        "-out",
                        folder.resolve("cert.pem").toString()))
                .isTrue();
    }

    int port() {
        return port;
    }

    /** The next mail that it took. */
    JsonNode next() throws Exception {
        return JSON.readTree(lines.readLine());
    }

    private static boolean succeeds(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
