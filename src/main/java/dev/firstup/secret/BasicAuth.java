package dev.firstup.secret;

import dev.firstup.model.Secret;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.HttpHeaders;

/**
 * Sends user name and password with every request of a camel-http endpoint, in UTF-8 and unasked (RFC 7617), over https or to
 * this machine only. The password is read for each request and kept nowhere. The endpoint follows no redirect, repeats
 * nothing, keeps no cookies, and cuts answers after 64 KiB; its time-outs stay its own options.
 *
 * <p>Used as the option {@code httpClientConfigurer}. A request fails with {@link IllegalStateException} if the secret cannot
 * be read or the user name contains a colon.
 */
public final class BasicAuth implements HttpClientConfigurer {
    private String username;
    private String password;
    private Path folder = Path.of("secrets");

    public void setUsername(String username) {
        this.username = username;
    }

    /** @param password the secret's name: {@code env:NAME} or {@code file:NAME} */
    public void setPassword(String password) {
        this.password = password;
    }

    /** @param folder where {@code file:} secrets lie; {@code secrets} if not set */
    public void setFolder(String folder) {
        this.folder = Path.of(folder);
    }

    /** @throws IllegalArgumentException if {@code password} is not the name of a secret */
    @Override
    public void configureHttpClient(HttpClientBuilder client) {
        Secret secret = new Secret(password);
        LastStep.install(client, (request, context) -> {
            LastStep.requirePrivate(
                    request.getScheme(), request.getAuthority().getHostName(), "the password " + password);
            if (username.indexOf(':') >= 0) {
                throw new IllegalStateException(
                        "the user name " + username + " contains a colon, which Basic authentication cannot carry");
            }
            byte[] pair = (username + ":" + secret.read(folder)).getBytes(StandardCharsets.UTF_8);
            request.setHeader(
                    HttpHeaders.AUTHORIZATION, "Basic " + Base64.getEncoder().encodeToString(pair));
        });
    }
}
