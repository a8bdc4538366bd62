package dev.firstup.publish.sim;

import dev.firstup.model.Event;
import dev.firstup.model.Publication;
import dev.firstup.model.Publication.Attempt;
import dev.firstup.model.StopException;
import dev.firstup.model.WaitException;
import dev.firstup.model.publish.Receipt;
import dev.firstup.model.publish.RecordReading;
import dev.firstup.model.publish.Settlement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** Cores that are wrong on purpose. */
enum Mutant {
    /** Does not know after a restart how long it was to wait. */
    FORGETS_TO_WAIT("was asked") {
        @Override
        Core make(Clock clock) {
            Instant started = clock.instant();
            return new Wrapper(clock) {
                @Override
                public Publication claim(Publication it) {
                    boolean older = it.attempt().sentAt() != null
                            && it.attempt().sentAt().isBefore(started);
                    return super.claim(
                            older ? it.edit().notBefore(it.attempt().sentAt()).done() : it);
                }
            };
        }
    },
    /** Does not know after a restart that it was asking for something. */
    FORGETS_ATTEMPTS("told") {
        @Override
        Core make(Clock clock) {
            Instant started = clock.instant();
            return new Wrapper(clock) {
                @Override
                public Publication claim(Publication it) {
                    boolean older = it.attempt().sentAt() != null
                            && it.attempt().sentAt().isBefore(started);
                    return super.claim(
                            older ? it.edit().attempt(Attempt::closed).done() : it);
                }
            };
        }
    },
    /** Tries a refused credential again. */
    RETRIES_STOPS("refused credential") {
        @Override
        Core make(Clock clock) {
            return new Wrapper(clock) {
                @Override
                Throwable thrown(Throwable failure) {
                    return failure instanceof StopException
                            ? new WaitException(Duration.ofMinutes(10), failure.getMessage())
                            : failure;
                }
            };
        }
    },
    /** Takes what got lost for refused, and sends it again. */
    RESENDS_AFTER_TIME_OUTS("was asked after") {
        @Override
        Core make(Clock clock) {
            return new Wrapper(clock) {
                @Override
                Throwable thrown(Throwable failure) {
                    return failure == null || failure instanceof WaitException || failure instanceof StopException
                            ? failure
                            : new WaitException(Duration.ZERO, "failed");
                }
            };
        }
    },
    /** Knows better than the host how long to wait. */
    IGNORES_RETRY_AFTER("before it said") {
        @Override
        Core make(Clock clock) {
            return new Wrapper(clock) {
                @Override
                Throwable thrown(Throwable failure) {
                    return failure instanceof WaitException wait && !wait.ambiguous()
                            ? new WaitException(Duration.ZERO, "later")
                            : failure;
                }
            };
        }
    },
    /** Sends again, after the gap, without having read what the record holds. */
    DOES_NOT_READ_BACK("what its name servers said already") {
        @Override
        Core make(Clock clock) {
            return new Wrapper(clock) {
                @Override
                Settlement settled(Settlement it, Object body) {
                    Publication next = it.publication();
                    return it.outcome().equals("unknown")
                            ? with(
                                    it,
                                    next.edit()
                                            .attempt(Attempt::closed)
                                            .due(next.schedule().notBefore())
                                            .done())
                            : it;
                }
            };
        }
    },
    /** Is not content with a host that has it already. */
    RESENDS_WHAT_IS_UNCHANGED("told again what it had taken") {
        @Override
        Core make(Clock clock) {
            return new Wrapper(clock) {
                @Override
                Settlement settled(Settlement it, Object body) {
                    return it.outcome().equals("unchanged")
                            ? with(
                                    it,
                                    it.publication()
                                            .edit()
                                            .confirmed(
                                                    null,
                                                    it.publication().confirmed().at())
                                            .done())
                            : it;
                }
            };
        }
    },
    /** Takes the host's word that it will do it for its having done it. */
    BELIEVES_TICKETS("told that") {
        @Override
        Core make(Clock clock) {
            return new Wrapper(clock) {
                @Override
                Object body(Object body) {
                    return body instanceof Receipt receipt ? Receipt.of(receipt.answer()) : body;
                }
            };
        }
    },
    /** Says everything twice. */
    TELLS_TWICE("told twice") {
        @Override
        Core make(Clock clock) {
            return new Wrapper(clock) {
                @Override
                Settlement settled(Settlement it, Object body) {
                    List<Event> twice = Stream.concat(it.events().stream(), it.events().stream())
                            .toList();
                    return new Settlement(it.publication(), it.outcome(), twice, it.account());
                }
            };
        }
    },
    /** Tells a stop once, and leaves it at that. */
    DOES_NOT_REMIND("was not reminded") {
        @Override
        Core make(Clock clock) {
            return new Wrapper(clock) {
                @Override
                Settlement settled(Settlement it, Object body) {
                    return it.outcome().equals("read")
                            ? new Settlement(
                                    it.publication(),
                                    it.outcome(),
                                    it.events().stream()
                                            .filter(event -> event.kind() != Event.Kind.PUBLISH_STOPPED)
                                            .toList(),
                                    it.account())
                            : it;
                }
            };
        }
    },
    /** Takes each answer of a name server for the truth. */
    BELIEVES_OLD_NEWS("told that") {
        @Override
        Core make(Clock clock) {
            return new Wrapper(clock) {
                @Override
                Settlement settled(Settlement it, Object body) {
                    Publication next = it.publication();
                    if (!(body instanceof RecordReading reading) || reading.agreed() == null) {
                        return it;
                    }
                    return with(
                            it,
                            next.edit()
                                    .confirmed(reading.agreed(), clock.instant())
                                    .attempt(Attempt::closed)
                                    .done());
                }
            };
        }
    };

    /** Part of what is said of it. */
    final String breaks;

    Mutant(String breaks) {
        this.breaks = breaks;
    }

    abstract Core make(Clock clock);

    private static Settlement with(Settlement it, Publication next) {
        return new Settlement(next, it.outcome(), List.copyOf(it.events()), it.account());
    }

    private abstract static class Wrapper implements Core {
        private final Core real;

        Wrapper(Clock clock) {
            real = Core.real(clock);
        }

        Object body(Object body) {
            return body;
        }

        Throwable thrown(Throwable failure) {
            return failure;
        }

        Settlement settled(Settlement it, Object body) {
            return it;
        }

        @Override
        public Publication claim(Publication it) {
            return real.claim(it);
        }

        @Override
        public Settlement settle(Publication it, Object body, Throwable failure) {
            return settled(real.settle(it, body(body), thrown(failure)), body);
        }
    }
}
