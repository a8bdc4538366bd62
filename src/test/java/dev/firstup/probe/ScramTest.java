package dev.firstup.probe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScramTest {
    /** RFC 5802, section 5. */
    @Test
    void theExampleOfSha1() {
        Scram scram = new Scram(Scram.Hash.SHA1, "user", "fyko+d2lbbFgONRv9qkxdawL");

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
        Scram scram = new Scram(Scram.Hash.SHA256, "user", "rOprNGfwEbeRWgbNEkqO");

        assertThat(scram.challenged(
                        "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"))
                .isNull();
        assertThat(scram.answer("pencil"))
                .isEqualTo("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                        + "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
        assertThat(scram.isProof("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="))
                .isTrue();
    }

    @Test
    void namesAreWrittenAsTheProtocolWants() {
        assertThat(new Scram(Scram.Hash.SHA1, "a=b,c", "n").first()).isEqualTo("n,,n=a=3Db=2Cc,r=n");
        assertThat(new Scram(Scram.Hash.SHA1, "\uFF55ser", "n").first()).isEqualTo("n,,n=user,r=n");
    }

    @Test
    void everyLoginHasItsOwnNonce() {
        assertThat(new Scram(Scram.Hash.SHA1, "user").first())
                .matches("n,,n=user,r=[A-Za-z0-9+/]{24}")
                .isNotEqualTo(new Scram(Scram.Hash.SHA1, "user").first());
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
                "r=nonce1,s=c2FsdA==,i=1 | the SCRAM challenge asks for 1 iterations, expected 4096 to 100000",
                "r=nonce1,s=c2FsdA==,i=100001 | the SCRAM challenge asks for 100001 iterations, expected 4096 to 100000",
                "r=nonce1,s=c2FsdA==,i=100000,x=1 |",
            })
    void challengesHaveBounds(String challenge, String wrong) {
        assertThat(new Scram(Scram.Hash.SHA1, "user", "nonce").challenged(challenge))
                .isEqualTo(wrong);
    }
}
