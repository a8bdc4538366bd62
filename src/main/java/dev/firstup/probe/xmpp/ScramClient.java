package dev.firstup.probe.xmpp;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.firstup.model.probe.ReasonCode;
import dev.firstup.probe.engine.ProbeResult;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * One login by SCRAM (RFC 5802, RFC 7677, and likewise with SHA-512), without channel binding: the password is proved, not sent,
 * and the server proves that it knows it too.
 */
final class ScramClient {
    /** A hash, by the name that its mechanism has. */
    enum Hash {
        SHA512("SCRAM-SHA-512", "SHA-512", 250_000),
        SHA256("SCRAM-SHA-256", "SHA-256", 600_000),
        SHA1("SCRAM-SHA-1", "SHA-1", 1_300_000);

        private final String mechanism;
        private final String digest;
        /** So many iterations take about a second: no less than is recommended to store passwords. */
        private final int most;

        Hash(String mechanism, String digest, int most) {
            this.mechanism = mechanism;
            this.digest = digest;
            this.most = most;
        }

        String mechanism() {
            return mechanism;
        }
    }

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String HEADER = "n,,";
    private static final int FEWEST = 4_096;

    private static final Pattern CHALLENGE =
            Pattern.compile("r=([!-+\\--~]{1,300}),s=([A-Za-z0-9+/=]{1,300}),i=([0-9]{1,9})(?:,.*)?");

    private final Hash hash;
    private final String nonce;
    private final String first;

    /** What the server asks; empty before it does, like what is read out of it. */
    private String challenge = "";

    private String combined = "";
    private byte[] salt = {};
    private int iterations;
    private volatile byte @Nullable [] signature;

    ScramClient(Hash hash, String username) {
        this(hash, username, nonce());
    }

    ScramClient(Hash hash, String username, String nonce) {
        this.hash = hash;
        this.nonce = nonce;
        first = "n=" + prepared(username).replace("=", "=3D").replace(",", "=2C") + ",r=" + nonce;
    }

    /** What the client says first. */
    String first() {
        return HEADER + first;
    }

    /**
     * Takes the server's first message.
     *
     * @return what is wrong with it; null if nothing
     */
    @Nullable
    ProbeResult challenged(String challenge) {
        Matcher parts = CHALLENGE.matcher(challenge);
        if (!parts.matches()) {
            return wrong("expected a SCRAM challenge, received something else");
        }
        combined = parts.group(1);
        if (!combined.startsWith(nonce) || combined.equals(nonce)) {
            return wrong("the SCRAM challenge is not for this login");
        }
        try {
            salt = Base64.getDecoder().decode(parts.group(2));
        } catch (IllegalArgumentException e) {
            return wrong("the salt of the SCRAM challenge is not Base64");
        }
        if (salt.length == 0) {
            return wrong("the SCRAM challenge has no salt");
        }
        iterations = Integer.parseInt(parts.group(3));
        if (iterations < FEWEST || iterations > hash.most) {
            return ProbeResult.unknown("the challenge of " + hash.mechanism + " asks for " + iterations
                    + " iterations, and 4096 to " + hash.most + " are computed here");
        }
        this.challenge = challenge;
        return null;
    }

    private static ProbeResult wrong(String reason) {
        return ProbeResult.down(ReasonCode.L7RSP, reason);
    }

    /** What the client says to the challenge. It takes as long as the server has asked for: up to a second. */
    String answer(String password) {
        String withoutProof = "c=" + Base64.getEncoder().encodeToString(HEADER.getBytes(UTF_8)) + ",r=" + combined;
        byte[] message = (first + "," + challenge + "," + withoutProof).getBytes(UTF_8);
        try {
            byte[] salted = salted(prepared(password).getBytes(UTF_8));
            byte[] clientKey = mac(salted).doFinal("Client Key".getBytes(UTF_8));
            byte[] stored = MessageDigest.getInstance(hash.digest).digest(clientKey);
            byte[] proof = mac(stored).doFinal(message);
            xor(proof, clientKey);
            signature = mac(mac(salted).doFinal("Server Key".getBytes(UTF_8))).doFinal(message);
            return withoutProof + ",p=" + Base64.getEncoder().encodeToString(proof);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime has no " + hash.mechanism, e);
        }
    }

    /** Whether the server's last message proves that it knows the password. */
    boolean isProof(String last) {
        byte[] expected = signature;
        return expected != null
                && MessageDigest.isEqual(
                        last.getBytes(UTF_8), ("v=" + Base64.getEncoder().encodeToString(expected)).getBytes(UTF_8));
    }

    /** PBKDF2 (RFC 8018) of one block; that of the JDK knows no password with characters beyond ASCII. */
    private byte[] salted(byte[] password) throws GeneralSecurityException {
        Mac mac = mac(password);
        mac.update(salt);
        byte[] block = mac.doFinal(new byte[] {0, 0, 0, 1});
        byte[] salted = block.clone();
        for (int i = 1; i < iterations; i++) {
            block = mac.doFinal(block);
            xor(salted, block);
        }
        return salted;
    }

    private Mac mac(byte[] key) throws GeneralSecurityException {
        String algorithm = "Hmac" + hash.digest.replace("-", "");
        Mac mac = Mac.getInstance(algorithm);
        mac.init(new SecretKeySpec(key, algorithm));
        return mac;
    }

    private static void xor(byte[] into, byte[] other) {
        for (int i = 0; i < into.length; i++) {
            into[i] ^= other[i];
        }
    }

    /** As SASLprep (RFC 4013) does for what people type. */
    private static String prepared(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFKC);
    }

    private static String nonce() {
        byte[] nonce = new byte[18];
        RANDOM.nextBytes(nonce);
        return Base64.getEncoder().encodeToString(nonce);
    }
}
