package dev.firstup.probe.xmpp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firstup.model.probe.ReasonCode;
import dev.firstup.probe.engine.ProbeResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScramClientTest {
    /** RFC 5802, section 5. */
    @Test
    void theExampleOfSha1() {
        ScramClient scram = new ScramClient(ScramClient.Hash.SHA1, "user", "fyko+d2lbbFgONRv9qkxdawL");

        assertThat(scram.first()).isEqualTo("n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL");
        assertThat(scram.challenged("r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096"))
                .isNull();
        assertThat(scram.isProof("v=rmF9pqV8S7suAoZWja4dJRkFsKQ=")).isFalse();
        assertThat(scram.answer("pencil"))
                .isEqualTo("c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=");
        assertThat(scram.isProof("v=rmF9pqV8S7suAoZWja4dJRkFsKQ=")).isTrue();
        assertThat(scram.isProof("v=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=")).isFalse();
        assertThat(scram.isProof("")).isFalse();
    }

    /** RFC 7677, section 3. */
    @Test
    void theExampleOfSha256() {
        ScramClient scram = new ScramClient(ScramClient.Hash.SHA256, "user", "rOprNGfwEbeRWgbNEkqO");

        assertThat(scram.challenged(
                        "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"))
                .isNull();
        assertThat(scram.answer("pencil"))
                .isEqualTo("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                        + "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
        assertThat(scram.isProof("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="))
                .isTrue();
    }

    /** The same by Python's hashlib: no RFC has an example. */
    @Test
    void theSameWithSha512() {
        ScramClient scram = new ScramClient(ScramClient.Hash.SHA512, "user", "rOprNGfwEbeRWgbNEkqO");

        assertThat(scram.challenged(
                        "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"))
                .isNull();
        assertThat(scram.answer("pencil"))
                .isEqualTo("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                        + "p=gMGXRcevScNtxZ6/8lQYpGtnsNAc3mGcmNomv+xnoOMw+3R2xNJdMNnzMlTN8PPC6wdp6dybEmDYXYTxwnYPJQ==");
        assertThat(scram.isProof(
                        "v=ZQnYEgWQMFmmsM8aQMF0nDDCy/AgCzkwk8CmMZYcMg0vSVlKDanekLtifDSeVGT4+5ZxXnJq199RVG2rR7N7Zw=="))
                .isTrue();
    }

    @Test
    void namesAreWrittenAsTheProtocolWants() {
        assertThat(new ScramClient(ScramClient.Hash.SHA1, "a=b,c", "n").first()).isEqualTo("n,,n=a=3Db=2Cc,r=n");
        assertThat(new ScramClient(ScramClient.Hash.SHA1, "\uFF55ser", "n").first())
                .isEqualTo("n,,n=user,r=n");
    }

    @Test
    void everyLoginHasItsOwnNonce() {
        assertThat(new ScramClient(ScramClient.Hash.SHA1, "user").first())
                .matches("n,,n=user,r=[A-Za-z0-9+/]{24}")
                .isNotEqualTo(new ScramClient(ScramClient.Hash.SHA1, "user").first());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | expected a SCRAM challenge, received something else",
                "m=ext,r=nonce1,s=c2FsdA==,i=4096 | expected a SCRAM challenge, received something else",
                "r=nonce1,s=c2FsdA==,i=-1 | expected a SCRAM challenge, received something else",
                "r=nonce1,s=c2FsdA==,i=99999999999 | expected a SCRAM challenge, received something else",
                "r=nonce,s=c2FsdA==,i=4096 | the SCRAM challenge is not for this login",
                "r=other1,s=c2FsdA==,i=4096 | the SCRAM challenge is not for this login",
                "r=nonce1,s=c2Fsd===,i=4096 | the salt of the SCRAM challenge is not Base64",
                "r=nonce1,s=c2FsdA==,i=1300000,x=1 |",
            })
    void challengesHaveBounds(String challenge, String wrong) {
        assertThat(new ScramClient(ScramClient.Hash.SHA1, "user", "nonce").challenged(challenge))
                .isEqualTo(wrong == null ? null : ProbeResult.down(ReasonCode.L7RSP, wrong));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4_095, 1_300_001})
    void whatIsNotComputedIsOurLimit(int iterations) {
        assertThat(new ScramClient(ScramClient.Hash.SHA1, "user", "nonce")
                        .challenged("r=nonce1,s=c2FsdA==,i=" + iterations))
                .isEqualTo(ProbeResult.unknown("the challenge of SCRAM-SHA-1 asks for " + iterations
                        + " iterations, and 4096 to 1300000 are computed here"));
    }

    @ParameterizedTest
    @CsvSource({"SHA1, 1300000", "SHA256, 600000", "SHA512, 250000"})
    void theMostIterationsTakeASecondOrSo(ScramClient.Hash hash, int most) {
        ScramClient scram = new ScramClient(hash, "user", "nonce");
        assertThat(scram.challenged("r=nonce1,s=c2FsdA==,i=" + most)).isNull();
        long began = System.nanoTime();

        scram.answer("pencil");

        System.out.printf("%d iterations of %s took %.1f s%n", most, hash, (System.nanoTime() - began) / 1e9);
        assertThat(System.nanoTime() - began).isLessThan(20_000_000_000L);
    }
}
