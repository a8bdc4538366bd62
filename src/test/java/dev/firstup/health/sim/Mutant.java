package dev.firstup.health.sim;

import dev.firstup.model.Choice;
import dev.firstup.model.Configuration;
import dev.firstup.model.Decision;
import dev.firstup.model.Event;
import dev.firstup.model.Order;
import dev.firstup.model.Publication;
import dev.firstup.model.Queue;
import dev.firstup.model.QueueMemory;
import dev.firstup.model.Server;
import dev.firstup.model.Verdict;
import dev.firstup.model.dns.RecordType;
import dev.firstup.model.probe.ProbeOutcome;
import dev.firstup.model.probe.ReasonCode;
import dev.firstup.model.rules.Failback;
import dev.firstup.model.rules.Rules;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Cores that are wrong on purpose, each in the way that one invariant forbids. */
enum Mutant {
    /** A server that fails is heard of half a minute later. */
    HARD_OF_HEARING(Invariant.NO_DEAD_SERVER) {
        @Override
        Core make(Clock steady, Clock wall) {
            return new RealCore(steady, wall) {
                private Instant failing;

                @Override
                public List<Decision> hear(List<Verdict> verdicts) {
                    boolean fails = verdicts.stream().anyMatch(it -> it.outcome() == ProbeOutcome.DOWN);
                    failing = !fails ? failing : failing == null ? steady.instant() : failing;
                    boolean late = failing != null && steady.instant().isBefore(failing.plus(MINUTES));
                    return super.hear(
                            verdicts.stream().map(it -> late ? up(it) : it).toList());
                }
            };
        }
    },
    /** The AAAA of another server. */
    MIXED_FAMILIES(Invariant.ONE_SERVER) {
        @Override
        Core make(Clock steady, Clock wall) {
            return new Deciding(steady, wall) {
                @Override
                Decision decide(Decision it) {
                    if (it.chosen() == null || it.queue().types().size() < 2) {
                        return it;
                    }
                    Map<RecordType, List<String>> values =
                            new EnumMap<>(it.chosen().values());
                    for (Server server : it.queue().servers()) {
                        if (server.addresses().containsKey(RecordType.AAAA)
                                && !it.chosen().names(server.name())) {
                            values.put(
                                    RecordType.AAAA, List.of(server.addresses().get(RecordType.AAAA)));
                        }
                    }
                    return copy(it, new Choice(it.chosen().servers(), values), it.events());
                }
            };
        }
    },
    /** Moves without a word. */
    SILENT_MOVES(Invariant.CAUSE) {
        @Override
        Core make(Clock steady, Clock wall) {
            return new Deciding(steady, wall) {
                @Override
                Decision decide(Decision it) {
                    return copy(
                            it,
                            it.chosen(),
                            it.events().stream()
                                    .filter(event -> event.kind() != Event.Kind.DECIDED)
                                    .toList());
                }
            };
        }
    },
    /** Says twice that it moves. */
    DOUBLED_MOVES(Invariant.CAUSE) {
        @Override
        Core make(Clock steady, Clock wall) {
            return new Deciding(steady, wall) {
                @Override
                Decision decide(Decision it) {
                    return twice(it, Event.Kind.DECIDED);
                }
            };
        }
    },
    /** Returns at once, whatever {@code failback} says. */
    HASTY(Invariant.FAILBACK) {
        @Override
        Core make(Clock steady, Clock wall) {
            return new RealCore(steady, wall) {
                @Override
                public void configure(Configuration configuration, Map<String, QueueMemory> memories) {
                    super.configure(ruled(configuration, Failback.AT_ONCE), memories);
                }
            };
        }
    },
    /** Takes a probe that could not be made for one that failed. */
    BLAMES_OTHERS(Invariant.FAILBACK) {
        @Override
        Core make(Clock steady, Clock wall) {
            return new RealCore(steady, wall) {
                @Override
                public List<Decision> hear(List<Verdict> verdicts) {
                    return super.hear(verdicts.stream()
                            .map(it -> it.outcome() == ProbeOutcome.UNKNOWN
                                    ? like(it, ProbeOutcome.DOWN, ReasonCode.L4CON)
                                    : it)
                            .toList());
                }
            };
        }
    },
    /** Hears of a witness that there is not, which always answers. */
    PHANTOM_WITNESS(Invariant.STASIS) {
        @Override
        Core make(Clock steady, Clock wall) {
            return new RealCore(steady, wall) {
                @Override
                public List<Decision> hear(List<Verdict> verdicts) {
                    return super.hear(verdicts.stream()
                            .map(it -> it.queue().isEmpty() ? up(it) : it)
                            .toList());
                }
            };
        }
    },
    /** Now and then it does not look whether anything is due. */
    MOODY(Invariant.DETERMINISM) {
        private final Random random = new Random();

        @Override
        Core make(Clock steady, Clock wall) {
            return new RealCore(steady, wall) {
                @Override
                public List<Server> due() {
                    return random.nextInt(1_000) == 0 ? List.of() : super.due();
                }
            };
        }
    },
    /** Remembers orders, but not how servers were. */
    FORGETFUL(Invariant.RESTART) {
        @Override
        Core make(Clock steady, Clock wall) {
            return new RealCore(steady, wall) {
                @Override
                public void configure(Configuration configuration, Map<String, QueueMemory> memories) {
                    Map<String, QueueMemory> fewer = new HashMap<>();
                    memories.forEach((queue, it) -> fewer.put(
                            queue,
                            new QueueMemory(
                                    it.at(), Map.of(), it.failbacks(), it.limited(), it.allDown(), it.orders())));
                    super.configure(configuration, fewer);
                }
            };
        }
    },
    /** Does not count how often it has returned. */
    RESTLESS(Invariant.FLAPS) {
        @Override
        Core make(Clock steady, Clock wall) {
            return new Restless(steady, wall);
        }
    },
    /** Says twice that a server, or all of them, are down. */
    STAMMERING(Invariant.TOLD_ONCE) {
        @Override
        Core make(Clock steady, Clock wall) {
            return new Deciding(steady, wall) {
                @Override
                Decision decide(Decision it) {
                    return twice(twice(it, Event.Kind.ALL_DOWN), Event.Kind.SERVER_DOWN);
                }
            };
        }
    },
    /** Says that it drains a server, and does not. */
    DISOBEDIENT(Invariant.ORDERS) {
        @Override
        Core make(Clock steady, Clock wall) {
            return new RealCore(steady, wall) {
                @Override
                public List<Decision> order(Order order) {
                    return order.kind() == Order.Kind.DRAIN ? List.of() : super.order(order);
                }
            };
        }
    },
    /** Never returns. */
    STUBBORN(Invariant.RETURN) {
        @Override
        Core make(Clock steady, Clock wall) {
            return new RealCore(steady, wall) {
                @Override
                public void configure(Configuration configuration, Map<String, QueueMemory> memories) {
                    super.configure(ruled(configuration, Failback.BY_HAND), memories);
                }
            };
        }
    },
    /** Asks again while it still waits for the answer. */
    IMPATIENT(Invariant.SANE) {
        @Override
        Core make(Clock steady, Clock wall) {
            return new RealCore(steady, wall) {
                private Server last;

                @Override
                public List<Server> due() {
                    List<Server> due = new ArrayList<>(super.due());
                    if (last != null && !due.contains(last)) {
                        due.add(last);
                    }
                    last = due.isEmpty() ? null : due.get(0);
                    return due;
                }
            };
        }
    };

    private static final Duration MINUTES = Duration.ofMinutes(3);

    /** What this one must break. */
    final Invariant breaks;

    Mutant(Invariant breaks) {
        this.breaks = breaks;
    }

    abstract Core make(Clock steady, Clock wall);

    /** The core, with each of its decisions changed. */
    private abstract static class Deciding extends RealCore {
        Deciding(Clock steady, Clock wall) {
            super(steady, wall);
        }

        abstract Decision decide(Decision it);

        @Override
        public List<Decision> hear(List<Verdict> verdicts) {
            return super.hear(verdicts).stream().map(this::decide).toList();
        }

        @Override
        public List<Decision> order(Order order) {
            return super.order(order).stream().map(this::decide).toList();
        }
    }

    /** The core, which after each return starts anew and has forgotten that it returned. */
    private static final class Restless implements Core {
        private final Clock steady;
        private final Clock wall;
        private final Set<String> underWay = new HashSet<>();
        private final List<Publication> observation = new ArrayList<>();
        private RealCore core;
        private Configuration configuration;
        private QueueMemory kept;

        private Restless(Clock steady, Clock wall) {
            this.steady = steady;
            this.wall = wall;
            core = new RealCore(steady, wall);
        }

        @Override
        public void configure(Configuration configuration, Map<String, QueueMemory> memories) {
            this.configuration = configuration;
            kept = memories.get(configuration.queues().get(0).name());
            core.configure(configuration, memories);
        }

        @Override
        public Instant soonest() {
            return core.soonest();
        }

        @Override
        public List<Server> due() {
            return core.due().stream().filter(it -> underWay.add(it.name())).toList();
        }

        @Override
        public List<Decision> hear(List<Verdict> verdicts) {
            verdicts.forEach(it -> underWay.remove(it.server()));
            return taken(core.hear(verdicts));
        }

        @Override
        public List<Decision> order(Order order) {
            return taken(core.order(order));
        }

        private List<Decision> taken(List<Decision> decisions) {
            Choice moved = null;
            for (Decision it : decisions) {
                if (it.memory() != null) {
                    Map<String, QueueMemory.Remembered> servers =
                            new HashMap<>(kept == null ? Map.of() : kept.servers());
                    servers.putAll(it.memory().servers());
                    kept = new QueueMemory(
                            wall.instant(),
                            servers,
                            List.of(),
                            null,
                            it.memory().allDown(),
                            it.memory().orders());
                }
                moved = it.switches() ? it.chosen() : moved;
            }
            if (moved != null && kept != null && moved.servers().size() == 1) {
                core = new RealCore(steady, wall);
                core.configure(
                        configuration, Map.of(configuration.queues().get(0).name(), kept));
                for (Publication it : observation) {
                    core.adopt(holding(it, moved.values().getOrDefault(it.type(), List.of())));
                }
            }
            return decisions;
        }

        private static Publication holding(Publication it, List<String> values) {
            return Run.read(it.queue(), it.type(), it.ttl(), values);
        }

        @Override
        public void adopt(Publication publication) {
            observation.add(publication);
            core.adopt(publication);
        }

        @Override
        public dev.firstup.model.HealthView view() {
            return core.view();
        }
    }

    private static Verdict up(Verdict it) {
        return like(it, ProbeOutcome.UP, ReasonCode.L4OK);
    }

    private static Verdict like(Verdict it, ProbeOutcome outcome, ReasonCode code) {
        return new Verdict(
                it.queue(),
                it.server(),
                it.revision(),
                it.sequence(),
                it.at(),
                outcome,
                code,
                it.reason(),
                it.took(),
                it.phases(),
                it.certificateExpires());
    }

    private static Decision copy(Decision it, Choice chosen, List<Event> events) {
        return new Decision(
                it.queue(),
                it.at(),
                it.detected(),
                chosen,
                it.previous(),
                it.cause(),
                it.downtime(),
                events,
                it.memory());
    }

    private static Decision twice(Decision it, Event.Kind kind) {
        List<Event> events = new ArrayList<>(it.events());
        it.events().stream().filter(event -> event.kind() == kind).forEach(events::add);
        return copy(it, it.chosen(), events);
    }

    private static Configuration ruled(Configuration configuration, Failback failback) {
        Queue it = configuration.queues().get(0);
        Rules rules = it.rules();
        return new Configuration(
                List.of(new Queue(
                        it.name(),
                        it.revision(),
                        it.record(),
                        it.alias(),
                        it.srv(),
                        it.ttl(),
                        it.servers(),
                        it.pace(),
                        new Rules(
                                rules.fall(),
                                rules.rise(),
                                rules.slow(),
                                failback,
                                rules.allDown(),
                                rules.answers(),
                                rules.apart()),
                        it.witnesses(),
                        it.quiet(),
                        it.targets().stream()
                                .map(target -> dev.firstup.Fixtures.target(target.to(), target.record()))
                                .toList(),
                        it.notifiers())),
                List.of(),
                true,
                List.of());
    }
}
