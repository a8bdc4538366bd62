package dev.firstup.queue.account;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What {@link Accounts} says, asked once for each name and endpoint, however many servers share them. */
public final class AccountCache {
    private final Accounts accounts;
    private final Map<String, String> routes;
    private final Map<String, Optional<String>> endpoints = new HashMap<>();
    private final Map<String, PublisherCapabilities> publishers = new HashMap<>();
    private final Map<String, Optional<String>> faults = new HashMap<>();

    public AccountCache(Accounts accounts) {
        this.accounts = accounts;
        this.routes = Map.copyOf(accounts.routes());
    }

    public Map<String, String> routes() {
        return routes;
    }

    /** What the publisher {@code route} can do. */
    public PublisherCapabilities capabilities(String route) {
        return publishers.computeIfAbsent(route, accounts::capabilities);
    }

    /** Why the route {@code name} cannot work as it is declared, if that is known. */
    public Optional<String> fault(String name) {
        return faults.computeIfAbsent(name, it -> Optional.ofNullable(accounts.fault(it)));
    }

    /** Why {@code endpoint} cannot be made, if it cannot. */
    public Optional<String> problem(String endpoint) {
        return endpoints.computeIfAbsent(endpoint, it -> Optional.ofNullable(accounts.problem(it)));
    }
}
