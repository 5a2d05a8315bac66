package io.framecast.source.ffmpeg;

import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EAGAIN;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_INVALIDDATA;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import io.framecast.frame.Pixels;
import io.framecast.source.Counters;
import io.framecast.source.FullPicture;
import io.framecast.source.Nature;
import io.framecast.source.Patience;
import io.framecast.source.Picture;
import io.framecast.source.Session;
import io.framecast.source.SourceConfig;
import io.framecast.source.SourceFailure;
import io.framecast.source.SourceLocation;
import io.framecast.source.Stop;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.zip.CRC32C;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.jspecify.annotations.Nullable;

/** One connection or opened file, decoded picture by picture. */
public final class FfmpegSession implements Session {
    private static final int DAMAGED_READS = 100;

    private final FfmpegInput input;
    private final FfmpegDecoder decoder;
    private final SourceConfig config;
    private final FfmpegScaler scaler;
    private final AVStream stream;
    private final AVPacket packet = av_packet_alloc();
    private final int number;
    private final SourceLocation location;
    private final Nature nature;
    private final boolean timestamped;
    private final Patience patience;
    private final Stop stop;
    private final Counters counters;
    private @Nullable AVFrame current;
    private OptionalLong firstPacket = OptionalLong.empty();
    private boolean drained;
    private long nextPts;

    private FfmpegSession(
            FfmpegInput input,
            FfmpegDecoder decoder,
            SourceConfig config,
            SourceLocation location,
            int number,
            Reading reading) {
        this.input = input;
        this.decoder = decoder;
        this.config = config;
        this.scaler = new FfmpegScaler(config.shape(), config.fit());
        this.stream = input.video();
        this.location = location;
        this.nature = input.nature();
        this.timestamped = input.timestamped();
        this.number = number;
        this.stop = reading.stop();
        this.counters = reading.counters();
        this.patience = reading.patience();
    }

    /** What the openings of one source share. */
    public record Reading(Stop stop, Counters counters, Patience patience) {}

    /**
     * Opens it; what was opened is closed again if a later step fails.
     *
     * @param number marks its pictures
     */
    public static Session open(SourceLocation location, SourceConfig config, int number, Reading reading) {
        var session = openOnce(location, config, number, reading);
        return session.nature() == Nature.STILL
                ? new StillSession(
                        location, session, () -> openOnce(location, config, number, reading), config.fps(), reading)
                : session;
    }

    private static FfmpegSession openOnce(SourceLocation location, SourceConfig config, int number, Reading reading) {
        switch (location.kind()) {
            case DEVICE -> {
                LocalSource.requireDevice(location);
                Ffmpeg.loadDevices();
            }
            case FILE -> {
                LocalSource.requireFile(location);
                Ffmpeg.load();
            }
            case RTSP, HTTP, STREAM, SCENE -> Ffmpeg.load();
        }
        var input = FfmpegInput.open(location, config, reading.stop(), reading.patience());
        try {
            var decoder = FfmpegDecoder.open(input.video(), location);
            reading.patience().opened(input.nature());
            return new FfmpegSession(input, decoder, config, location, number, reading);
        } catch (RuntimeException failure) {
            input.close();
            throw failure;
        }
    }

    @Override
    public Nature nature() {
        return nature;
    }

    @Override
    public OptionalLong fingerprint() {
        return timestamped ? firstPacket : OptionalLong.empty();
    }

    /** A checksum of the first packet of its stream, once it was read. */
    OptionalLong firstPacket() {
        return firstPacket;
    }

    @Override
    public @Nullable Picture next() {
        while (!stop.given()) {
            var frame = decoder.receive();
            if (frame == null) {
                if (drained) {
                    return null;
                }
                feed();
            } else if (FfmpegDecoder.isDamaged(frame)) {
                counters.read();
                counters.dropped(Counters.CORRUPT);
            } else {
                current = frame;
                RegionCrop.cut(frame, config.region());
                patience.picture(System.nanoTime());
                return picture(frame);
            }
        }
        return null;
    }

    /** Gives the decoder its next packet, or the end of the stream. */
    private void feed() {
        for (var damaged = 0; ; ) {
            var result = input.read(packet);
            if (stop.given() || result == AVERROR_EOF()) {
                drained = true;
                decoder.send(null);
                return;
            }
            if (result >= 0) {
                var isVideo = packet.stream_index() == stream.index();
                if (isVideo && firstPacket.isEmpty()) {
                    firstPacket = OptionalLong.of(checksum(packet));
                }
                if (isVideo && !decoder.send(packet)) {
                    counters.dropped(Counters.CORRUPT);
                }
                av_packet_unref(packet);
                if (isVideo) {
                    return;
                }
            } else if (result == AVERROR_INVALIDDATA() && damaged < DAMAGED_READS) {
                damaged++;
                counters.dropped(Counters.CORRUPT);
            } else if (result != AVERROR_EAGAIN()) {
                throw firstPacket.isEmpty() && input.needsRanges()
                        ? SourceFailure.INDEX_AT_END.of(location)
                        : input.failure(result);
            }
        }
    }

    private static long checksum(AVPacket packet) {
        var checksum = new CRC32C();
        checksum.update(packet.data().capacity(packet.size()).asByteBuffer());
        return checksum.getValue() << Integer.SIZE | packet.size();
    }

    private Picture picture(AVFrame frame) {
        var pts = pts(frame);
        var captured = pts.isEmpty()
                ? Optional.<Instant>empty()
                : input.clockAtZero().map(zero -> zero.plus(pts.getAsLong(), ChronoUnit.MICROS));
        var orientation = Orientation.of(frame);
        return new Picture(number, orientation.width(frame), orientation.height(frame), pts, captured);
    }

    /** In microseconds; what a file leaves out is filled in from its frame rate. */
    private OptionalLong pts(AVFrame frame) {
        var ticks = frame.best_effort_timestamp();
        if (ticks == AV_NOPTS_VALUE || !timestamped) {
            if (nature.isEndless()) {
                return OptionalLong.empty();
            }
            var filled = nextPts;
            nextPts = filled + interval();
            return OptionalLong.of(filled);
        }
        var base = stream.time_base();
        var micros = Math.round(ticks * 1e6 * base.num() / base.den());
        nextPts = micros + interval();
        return OptionalLong.of(micros);
    }

    private long interval() {
        var rate = stream.avg_frame_rate();
        return rate.num() > 0 && rate.den() > 0 ? Math.round(1e6 * rate.den() / rate.num()) : 40_000;
    }

    @Override
    public Pixels pixels() {
        return scaler.scale(current());
    }

    @Override
    public FullPicture fullPicture(int longest) {
        return FfmpegPicture.of(current(), config.fit(), config.shape(), longest);
    }

    private AVFrame current() {
        var frame = current;
        if (frame == null) {
            throw new IllegalStateException("no picture was read yet: call next() first");
        }
        return frame;
    }

    @Override
    public void close() {
        scaler.close();
        decoder.close();
        av_packet_free(packet);
        input.close();
    }
}
