package io.framecast.bench;

import io.framecast.frame.Ticker;
import io.framecast.node.Baselines;
import io.framecast.topic.KafkaConnection;
import io.framecast.topic.RawPublisher;
import io.framecast.topic.TopicKind;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import reactor.core.publisher.Mono;

/**
 * Runs every role as a process of its own for a while, breaks them at random, and audits the topics at the end: every
 * due forecast and score must be there once, every record that is no frame among the dead letters, and every frame that
 * is not there must have been counted.
 */
public final class SoakBenchmark {
    private static final Ticker TICKER = Ticker.system();
    private static final int EVERY = 5;
    private static final String MODEL = "flow-fade";
    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(5);
    private static final int LONGEST_MORE_SECONDS = 15;
    /** Longer than the group waits for a worker that says nothing. */
    private static final Duration FROZEN = Duration.ofSeconds(14);

    private static final int POISON = 50;
    private static final int LARGEST_POISON = 20_000;
    private static final Duration CATCH_UP = Duration.ofMinutes(3);

    private final BiFunction<List<String>, Path, Process> launcher;
    private final Path folder;
    private final Random random;
    private final Consumer<String> out;
    private final Map<Fault, Integer> faults = new EnumMap<>(Fault.class);

    /**
     * Prepares it.
     *
     * @param launcher runs framecast with arguments, as a process of its own, and writes what it says to a file
     * @param folder an empty folder
     * @param seed of the faults
     * @param out takes one line per fault
     */
    public SoakBenchmark(
            BiFunction<List<String>, Path, Process> launcher, Path folder, long seed, Consumer<String> out) {
        this.launcher = launcher;
        this.folder = folder;
        this.random = new Random(seed);
        this.out = out;
    }

    private enum Fault {
        PREDICTOR_KILLED,
        PREDICTOR_FROZEN,
        PREDICTOR_ENDED,
        BROKER_KILLED,
        POISON_SENT,
        CAPTURE_RESTARTED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    /**
     * What the audit found.
     *
     * @param clean whether all of that is so
     * @param rows the table: what, and how much
     */
    public record Verdict(boolean clean, Map<String, String> rows) {}

    /** Runs so long, then audits. */
    public Verdict run(Duration length) {
        String forecasting = "--model " + MODEL + " --policy all --every " + EVERY;
        int context = Baselines.open(MODEL).contextLength();
        try (var cluster = new SoakCluster(launcher, folder, forecasting);
                var audit = new SoakAudit(cluster.kafka(), context, EVERY, MODEL)) {
            long begun = TICKER.nanos();
            while (TICKER.since(begun).compareTo(length) < 0) {
                pause(SHORTEST_PAUSE.plusSeconds(random.nextInt(LONGEST_MORE_SECONDS)));
                breakSomething(cluster);
            }
            cluster.endCapture();
            awaitCatchUp(audit);
            return verdict(audit.findings(), cluster.counted(), cluster.died());
        }
    }

    private void breakSomething(SoakCluster cluster) {
        Fault fault = Fault.values()[random.nextInt(Fault.values().length)];
        int which = random.nextInt(SoakCluster.PREDICTORS);
        out.accept(Instant.now() + " " + fault);
        faults.merge(fault, 1, Integer::sum);
        switch (fault) {
            case PREDICTOR_KILLED -> cluster.killPredictor(which);
            case PREDICTOR_ENDED -> cluster.endPredictor(which);
            case PREDICTOR_FROZEN -> {
                cluster.freezePredictor(which, true);
                pause(FROZEN);
                cluster.freezePredictor(which, false);
            }
            case BROKER_KILLED -> {
                cluster.killBroker();
                pause(Duration.ofSeconds(random.nextInt(LONGEST_MORE_SECONDS)));
                cluster.restartBroker();
            }
            case POISON_SENT -> poison(cluster.kafka());
            case CAPTURE_RESTARTED -> cluster.restartCapture();
        }
    }

    /** Bytes that are no frames. */
    private void poison(KafkaConnection kafka) {
        try (var publisher = new RawPublisher(kafka)) {
            for (int i = 0; i < POISON; i++) {
                var noise = new byte[random.nextInt(LARGEST_POISON)];
                random.nextBytes(noise);
                publisher.publish(TopicKind.FRAMES, "camera" + random.nextInt(POISON), noise);
            }
        }
    }

    private static void pause(Duration length) {
        Mono.delay(length).block();
    }

    /** Until all that is due is there, or nobody can be waiting for it any more. */
    private static void awaitCatchUp(SoakAudit audit) {
        long begun = TICKER.nanos();
        pause(SHORTEST_PAUSE);
        while (!audit.findings().isComplete() && TICKER.since(begun).compareTo(CATCH_UP) < 0) {
            pause(Duration.ofSeconds(1));
        }
        pause(SHORTEST_PAUSE);
    }

    private Verdict verdict(SoakAudit.Findings found, SoakCluster.Counted counted, int died) {
        long lost = counted.sampled() - found.frames();
        // A frame whose acknowledgement was lost with its broker is counted as unpublished, and may be there.
        boolean explained = lost >= counted.overflow() && lost <= counted.overflow() + counted.unpublished();
        boolean clean = found.isWhole() && explained && died == 0;
        var rows = new LinkedHashMap<String, String>();
        rows.put(
                "faults",
                faults.entrySet().stream()
                        .map(fault -> fault.getValue() + " " + fault.getKey())
                        .collect(Collectors.joining(", ")));
        rows.put("frames sampled", String.valueOf(counted.sampled()));
        rows.put("frames in the topic", String.valueOf(found.frames()));
        rows.put(
                "frames not there",
                lost + " (counted: " + counted.overflow() + " overflow, " + counted.unpublished() + " unpublished)");
        rows.put("forecasts due", String.valueOf(found.due()));
        rows.put("forecasts found", String.valueOf(found.found()));
        rows.put("missing", String.valueOf(found.missing()));
        rows.put("not due", String.valueOf(found.unexpected()));
        rows.put("scores found", String.valueOf(found.scored()));
        rows.put("forecasts without one whose last frame has come", String.valueOf(found.unscored()));
        rows.put("duplicates", String.valueOf(found.duplicates()));
        rows.put("poison among the frames", String.valueOf(found.poison()));
        rows.put("dead letters", String.valueOf(found.deadLetters()));
        rows.put("processes that died", String.valueOf(died));
        return new Verdict(clean, rows);
    }
}
