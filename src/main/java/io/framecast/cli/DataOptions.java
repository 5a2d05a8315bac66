package io.framecast.cli;

import io.framecast.data.DataSets;
import io.framecast.data.Recording;
import io.framecast.data.SyntheticSet;
import io.framecast.data.TopicRecording;
import io.framecast.frame.FrameShape;
import io.framecast.node.Broker;
import io.framecast.source.SourceConfig;
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
            description = "Take the frames topic: what each camera left there is a recording.")
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
        Instant from = times.from();
        Instant to = times.to();
        Broker opened = Broker.open(kafka.config(true));
        broker = opened;
        List<Recording> found = TopicRecording.find(new RecordedTopic(opened.connection(), from, to));
        if (found.isEmpty()) {
            throw new IllegalArgumentException("the frames topic of " + opened.connection() + " has no frame from "
                    + (times.since == null ? "its beginning" : times.since) + " to "
                    + (times.until == null ? "now" : times.until)
                    + "; check --kafka, --topic-prefix, --since and --until");
        }
        return found;
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
        }
    }
}
