package io.framecast.data;

import io.framecast.frame.CameraId;
import io.framecast.frame.Frame;
import io.framecast.topic.RecordedTopic;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * What one camera left in the frames topic: the very bytes that the live model saw.
 *
 * @param camera the camera
 * @param frames the topic, within a time
 */
public record TopicRecording(CameraId camera, RecordedTopic frames) implements Recording {
    /** A recording of each camera that has frames there. */
    public static List<Recording> find(RecordedTopic frames) {
        Set<String> cameras = new TreeSet<>();
        frames.frames(frame -> cameras.add(frame.camera().value()));
        return cameras.stream()
                .<Recording>map(camera -> new TopicRecording(new CameraId(camera), frames))
                .toList();
    }

    @Override
    public String name() {
        return camera.value();
    }

    @Override
    public void read(Consumer<Frame> reader) {
        frames.frames(frame -> {
            if (frame.camera().equals(camera)) {
                reader.accept(frame);
            }
        });
    }
}
