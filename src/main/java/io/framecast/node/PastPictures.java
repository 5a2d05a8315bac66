package io.framecast.node;

import io.framecast.frame.CameraId;
import io.framecast.frame.CameraPicture;
import io.framecast.preview.history.CameraHistories;
import io.framecast.preview.http.PictureLookup;
import io.framecast.topic.KafkaConnection;
import io.framecast.topic.MalformedRecordException;
import io.framecast.topic.PictureCodec;
import io.framecast.topic.RecordLookup;
import io.framecast.topic.TopicKind;
import io.framecast.topic.TopicReader;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Where the pictures of the last minutes are in their topic: they are read again from there, so that they take no
 * memory. Safe for any number of threads.
 */
final class PastPictures implements PictureLookup, AutoCloseable {
    private static final Duration NEAR = Duration.ofMillis(250);
    private static final int MOST_CAMERAS = 256;
    private static final int MOST_PLACES = 2_000;

    private final Map<CameraId, TreeMap<Instant, Place>> places = new LinkedHashMap<>();
    private volatile Optional<RecordLookup> records = Optional.empty();

    private record Place(int partition, long offset) {}

    /** Reads on a cluster from now on; before, nothing is found. */
    void connect(KafkaConnection connection) {
        records = Optional.of(new RecordLookup(connection));
    }

    /** Remembers where a picture is. */
    synchronized void add(CameraPicture picture, TopicReader.Found found) {
        TreeMap<Instant, Place> known = places.computeIfAbsent(picture.camera(), camera -> new TreeMap<>());
        known.tailMap(picture.captureTime(), true).clear(); // where a clock was set back
        known.put(picture.captureTime(), new Place(found.partition(), found.offset()));
        known.headMap(picture.captureTime().minus(CameraHistories.SPAN)).clear();
        if (known.size() > MOST_PLACES) {
            known.pollFirstEntry();
        }
        if (places.size() > MOST_CAMERAS) {
            places.remove(places.keySet().iterator().next());
        }
    }

    /** Forgets a camera. */
    synchronized void remove(String camera) {
        places.keySet().removeIf(known -> known.value().equals(camera));
    }

    @Override
    public boolean has(CameraId camera, Instant time) {
        return place(camera, time).isPresent();
    }

    @Override
    public Optional<CameraPicture> find(CameraId camera, Instant time) {
        return place(camera, time)
                .flatMap(place ->
                        records.flatMap(lookup -> lookup.read(TopicKind.PICTURES, place.partition(), place.offset())))
                .flatMap(PastPictures::decode)
                .filter(picture -> picture.camera().equals(camera));
    }

    private synchronized Optional<Place> place(CameraId camera, Instant time) {
        TreeMap<Instant, Place> known = places.get(camera);
        return known == null
                ? Optional.empty()
                : Stream.of(Optional.ofNullable(known.floorKey(time)), Optional.ofNullable(known.ceilingKey(time)))
                        .flatMap(Optional::stream)
                        .filter(found -> Duration.between(found, time).abs().compareTo(NEAR) <= 0)
                        .min((one, other) -> Duration.between(one, time)
                                .abs()
                                .compareTo(Duration.between(other, time).abs()))
                        .map(known::get);
    }

    private static Optional<CameraPicture> decode(byte[] value) {
        try {
            return Optional.of(PictureCodec.decode(value));
        } catch (MalformedRecordException another) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        records.ifPresent(RecordLookup::close);
    }
}
