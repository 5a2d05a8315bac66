package io.framecast.cli;

import io.framecast.data.DataSets;
import io.framecast.data.Recording;
import io.framecast.data.SyntheticSet;
import io.framecast.data.TopicRecording;
import io.framecast.data.TopicSpan;
import io.framecast.frame.FrameShape;
import io.framecast.node.Broker;
import io.framecast.source.SourceConfig;
import io.framecast.topic.KafkaConnection;
import io.framecast.topic.RecordedTopic;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What is trained on or evaluated. */
final class DataOptions implements AutoCloseable {
    /** The highest rate there is: more than any recording has. */
    private static final double OWN_RATE = 240;

    @Parameters(
            paramLabel = "DATA",
            arity = "0..*",
            description = {
                "Video files, .npy arrays (T,H,W,C or N,T,H,W,C), folders of them, folders of pictures;",
                "synthetic:moving-digits (Moving MNIST: two digits, 64x64; needs --digits) and",
                "synthetic:bouncing-shapes, both with settings, as in",
                "'synthetic:moving-digits?sequences=1000&length=20&seed=1&part=test'."
            })
    List<String> data = List.of();

    @Option(
            names = "--digits",
            paramLabel = "FILE",
            description = "Handwritten digits for synthetic:moving-digits: an idx file such as MNIST's images, or its"
                    + " .gz. The first four fifths are for training, the others for testing.")
    @Nullable
    Path digits;

    @Option(
            names = "--fps",
            paramLabel = "N",
            description = "Sample the recordings to this rate; by default each keeps its own.")
    double fps = OWN_RATE;

    @Option(
            names = "--from-topic",
            negatable = true,
            fallbackValue = "true",
            description = "Use the frames topic: the frames of each camera there are a recording.")
    boolean fromTopic;

    @Mixin
    TimeOptions times = new TimeOptions();

    @Mixin
    KafkaOptions kafka = new KafkaOptions();

    private final Set<String> warned = new HashSet<>();
    private @Nullable Broker broker;

    /**
     * The recordings that DATA and the topic hold.
     *
     * @param part which sequences of synthetic sets
     * @param enlarged how many times larger than forecasts files are read
     * @throws IllegalArgumentException if there is nothing, or something malformed
     */
    List<Recording> recordings(SyntheticSet.Part part, int enlarged) {
        var recordings = new ArrayList<>(find(data, part, enlarged, fps));
        if (fromTopic) {
            recordings.addAll(topic());
        } else if (times.isGiven()) {
            throw new IllegalArgumentException("--since and --until choose from the topic: add --from-topic");
        }
        if (recordings.isEmpty()) {
            throw new IllegalArgumentException(
                    "no data: give DATA (video files, folders, .npy arrays, synthetic:NAME), or --from-topic");
        }
        return recordings;
    }

    /** The recordings of other data, read in the same way. */
    List<Recording> find(List<String> places, SyntheticSet.Part part) {
        return find(places, part, fps);
    }

    /** The recordings of other data, sampled to a rate of their own. */
    List<Recording> find(List<String> places, SyntheticSet.Part part, double rate) {
        return find(places, part, 1, rate);
    }

    private List<Recording> find(List<String> places, SyntheticSet.Part part, int enlarged, double rate) {
        FrameShape usual = SourceConfig.defaults().shape();
        var shape = new FrameShape(usual.height() * enlarged, usual.width() * enlarged, usual.channels());
        SourceConfig reading = SourceConfig.defaults().withFps(rate).withShape(shape);
        return new DataSets(reading, Optional.ofNullable(digits), part, this::warnOnce).find(places);
    }

    /** The same data may be looked through in more than one size. */
    private void warnOnce(String warning) {
        if (warned.add(warning)) {
            Console.warn(warning);
        }
    }

    private List<Recording> topic() {
        List<Recording> found = TopicRecording.find(topic(times.from(), times.to()));
        if (found.isEmpty()) {
            throw noFrame();
        }
        return found;
    }

    private RecordedTopic topic(Instant from, Instant to) {
        return new RecordedTopic(connection(), from, to);
    }

    /** How to reach the Kafka of the topic, which is opened if it is not. */
    KafkaConnection connection() {
        Broker opened = broker == null ? Broker.open(kafka.config(true)) : broker;
        broker = opened;
        return opened.connection();
    }

    private IllegalArgumentException noFrame() {
        return new IllegalArgumentException("the frames topic of " + connection() + " has no frame from "
                + (times.since == null ? "its beginning" : times.since) + " to "
                + (times.until == null ? "now" : times.until)
                + "; check --kafka, --topic-prefix, --since and --until");
    }

    /**
     * What the topic holds, cut in three by the time of capture, the same for every camera.
     *
     * @param training the earliest part, to learn from
     * @param validation the next, to choose the weights by
     * @param judged the latest, which training never sees
     * @param span from the oldest to the newest frame
     * @param judgedFrom where the latest part begins
     */
    record InTime(
            List<Recording> training,
            List<Recording> validation,
            List<Recording> judged,
            TopicSpan span,
            Instant judgedFrom) {}

    /**
     * Cuts the topic.
     *
     * @param judgedShare the share of the time that is judged
     * @param validationShare the share of what is left that chooses the weights
     * @throws IllegalArgumentException if the topic has no frame
     */
    InTime inTime(double judgedShare, double validationShare) {
        TopicSpan span = TopicSpan.of(topic(times.from(), times.to())).orElseThrow(this::noFrame);
        Instant judgedFrom = span.at(1 - judgedShare);
        Instant validationFrom = span.at((1 - judgedShare) * (1 - validationShare));
        return new InTime(
                TopicRecording.find(topic(span.first(), validationFrom)),
                TopicRecording.find(topic(validationFrom, judgedFrom)),
                TopicRecording.find(topic(judgedFrom, span.last().plusNanos(1))),
                span,
                judgedFrom);
    }

    /** Where frames are kept while they are used. */
    Path directory() {
        return kafka.dataDirectory.toAbsolutePath();
    }

    /** How recordings are sampled, in words. */
    String rate() {
        return fps == OWN_RATE ? "each clip at its own rate" : fps + " frames a second";
    }

    @Override
    public void close() {
        if (broker != null) {
            broker.close();
            broker = null;
        }
    }
}
