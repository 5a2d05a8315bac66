package io.framecast.preview.http;

import io.framecast.export.ClipEncoder;
import io.framecast.frame.CameraId;
import io.framecast.frame.CameraPicture;
import io.framecast.frame.EncodedImage;
import io.framecast.preview.clips.ClipFolder;
import io.framecast.preview.clips.KeptClip;
import io.framecast.preview.clips.MomentClip;
import io.framecast.preview.history.CameraHistory;
import io.framecast.preview.history.Moment;
import io.framecast.preview.http.MomentTime.MalformedTimeException;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What there is to ask for of a camera's past: moments, their pictures, clips. */
final class PastRoutes {
    /** A longer clip takes many seconds to make. */
    static final Duration LONGEST_CLIP = Duration.ofSeconds(60);

    /** A clip of a minute has two megabytes. */
    private static final int MOST_CLIPS = 8;

    private static final String JPEG = "image/jpeg";
    private static final String MP4 = "video/mp4";

    private final EncodedOnce<String> made = new EncodedOnce<>(MOST_CLIPS);
    private final Past past;
    private final ClipEncoder encoder;
    private final InstantSource clock;

    PastRoutes(Past past, ClipEncoder encoder, InstantSource clock) {
        this.past = past;
        this.encoder = encoder;
        this.clock = clock;
    }

    /** Whether the answer to an address may take more than a moment. */
    static boolean isSlow(String path) {
        return path.endsWith("/clip.mp4") || path.endsWith("/picture.jpg");
    }

    /** The answer to {@code /cameras/ID/THING}, if there is such a thing. */
    Optional<Reply> answer(CameraId camera, String thing, QueryStringDecoder query) {
        try {
            return switch (thing) {
                case "history.json" -> Optional.of(history(camera, query));
                case "seen.jpg" ->
                    Optional.of(picture(camera, query, moment -> Optional.of(moment.seen()), "no picture"));
                case "expected.jpg" ->
                    Optional.of(picture(
                            camera, query, moment -> moment.expected().map(Moment.Expected::picture), "no forecast"));
                case "picture.jpg" ->
                    Optional.of(picture(
                            camera,
                            query,
                            moment ->
                                    past.pictures().find(camera, moment.time()).map(CameraPicture::jpeg),
                            "no larger picture"));
                case "clip.mp4" -> Optional.of(clip(camera, query));
                case "clips.json" -> Optional.of(Reply.fixed(CameraJson.clips(camera, kept(camera))));
                case "surprise.mp4" -> Optional.of(surprise(camera, query));
                default -> Optional.empty();
            };
        } catch (MalformedTimeException malformed) {
            return Optional.of(Reply.error(400, String.valueOf(malformed.getMessage())));
        } catch (IOException unreadable) {
            throw new UncheckedIOException("no clip of camera " + camera, unreadable);
        }
    }

    private Reply history(CameraId camera, QueryStringDecoder query) throws MalformedTimeException {
        Instant now = clock.instant();
        List<Moment> moments = moments(camera, time(query, "from", Instant.EPOCH), time(query, "to", now));
        return Reply.json(200, CameraJson.history(camera, past, now, moments));
    }

    private Reply picture(
            CameraId camera,
            QueryStringDecoder query,
            Function<Moment, Optional<EncodedImage>> choose,
            String otherwise)
            throws MalformedTimeException {
        Optional<String> text = PreviewRoutes.option(query, "at");
        if (text.isEmpty()) {
            return Reply.error(400, "say of which moment, as in ?at=2026-01-31T12:00:00Z");
        }
        Instant at = MomentTime.parse("at", text.get());
        Optional<Moment> moment = past.histories().of(camera).flatMap(history -> history.nearest(at));
        if (moment.isEmpty()) {
            return Reply.error(404, "camera " + camera + " has nothing of " + at + "; " + reach(camera));
        }
        return choose.apply(moment.get())
                .map(jpeg -> Reply.fixed(JPEG, jpeg.toByteArray()))
                .orElseGet(() -> Reply.error(404, "camera " + camera + " had " + otherwise + " for " + at));
    }

    private Reply clip(CameraId camera, QueryStringDecoder query) throws MalformedTimeException, IOException {
        Instant to = time(query, "to", clock.instant());
        Instant from = time(query, "from", to.minusSeconds(10));
        if (from.isAfter(to)) {
            return Reply.error(400, "from " + from + " is after to " + to + ": exchange them");
        }
        if (Duration.between(from, to).compareTo(LONGEST_CLIP) > 0) {
            return Reply.error(
                    400,
                    "a clip has at most " + LONGEST_CLIP.toSeconds() + " seconds, these are "
                            + Duration.between(from, to).toSeconds() + ": give a later from or an earlier to");
        }
        List<Moment> moments = moments(camera, from, to);
        if (moments.isEmpty()) {
            return Reply.error(
                    404, "camera " + camera + " has nothing from " + from + " to " + to + "; " + reach(camera));
        }
        Moment last = moments.get(moments.size() - 1);
        String key = camera + "/" + moments.get(0).time() + "/" + last.time();
        return Reply.fixed(MP4, made.of(key, last.seen(), () -> mp4(moments)));
    }

    private byte[] mp4(List<Moment> moments) {
        try {
            return encoder.mp4(MomentClip.of(moments));
        } catch (IOException failed) {
            throw new UncheckedIOException("no clip of " + moments.get(0).time(), failed);
        }
    }

    private Reply surprise(CameraId camera, QueryStringDecoder query) throws MalformedTimeException, IOException {
        Optional<String> text = PreviewRoutes.option(query, "begin");
        if (text.isEmpty()) {
            return Reply.error(400, "say which clip, as clips.json links it: ?begin=MILLISECONDS");
        }
        Instant begin = MomentTime.parse("begin", text.get());
        if (past.clips().isPresent()) {
            ClipFolder folder = past.clips().get();
            Optional<KeptClip> clip = folder.find(camera, begin);
            if (clip.isPresent()) {
                Optional<byte[]> mp4 = folder.read(clip.get());
                if (mp4.isPresent()) {
                    return Reply.fixed(MP4, mp4.get())
                            .with(
                                    "content-disposition",
                                    "inline; filename=\"" + clip.get().fileName() + "\"");
                }
            }
        }
        return Reply.error(404, "no clip of camera " + camera + " begins at " + begin + "; the oldest ones go first");
    }

    private List<KeptClip> kept(CameraId camera) throws IOException {
        return past.clips().isPresent() ? past.clips().get().of(camera) : List.of();
    }

    private List<Moment> moments(CameraId camera, Instant from, Instant to) {
        return past.histories()
                .of(camera)
                .map(history -> history.between(from, to))
                .orElse(List.of());
    }

    /** How far the history of a camera goes back, in words. */
    private String reach(CameraId camera) {
        return past.histories()
                .of(camera)
                .flatMap(CameraHistory::oldest)
                .map(oldest -> "its history goes back to " + oldest)
                .orElse("its history is empty");
    }

    private static Instant time(QueryStringDecoder query, String name, Instant otherwise)
            throws MalformedTimeException {
        Optional<String> text = PreviewRoutes.option(query, name);
        return text.isEmpty() ? otherwise : MomentTime.parse(name, text.get());
    }
}
