package io.framecast.data;

import io.framecast.frame.CameraId;
import io.framecast.frame.ClockSource;
import io.framecast.frame.Frame;
import io.framecast.frame.FrameShape;
import io.framecast.frame.FrameTime;
import io.framecast.frame.Pixels;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** A white bar, 4 wide, that goes to the right by so many pixels a frame and comes back on the left. */
public record MovingBar(String name, FrameShape shape, int speed, int length) implements Recording {
    @Override
    public void read(Consumer<Frame> reader) {
        for (int i = 0; i < length; i++) {
            reader.accept(frame(i));
        }
    }

    public Frame frame(int index) {
        var bytes = new byte[shape.bytes()];
        for (int i = 0; i < bytes.length; i++) {
            int column = i / shape.channels() % shape.width();
            bytes[i] = (byte) (Math.floorMod(column - speed * index, shape.width()) < 4 ? 230 : 20);
        }
        var time = new FrameTime(Instant.ofEpochMilli(100L * index), ClockSource.MEDIA, OptionalLong.empty());
        return new Frame(new CameraId("bar"), 1, index, time, shape, Pixels.copyOf(bytes));
    }
}
