package io.framecast.source.reader;

import io.framecast.source.Counters;
import io.framecast.source.FrameSource;
import io.framecast.source.Patience;
import io.framecast.source.SourceConfig;
import io.framecast.source.SourceLocation;
import io.framecast.source.SourceSpec;
import io.framecast.source.Stop;
import io.framecast.source.ffmpeg.FfmpegSession;
import io.framecast.source.scene.SceneSession;

/** Gives the source of a camera. */
public final class FrameSources {
    private FrameSources() {}

    /**
     * The source of one camera. Nothing is opened before its frames are subscribed to.
     *
     * @param spec which camera, and where its pictures come from
     * @param config how it is read
     */
    public static FrameSource open(SourceSpec spec, SourceConfig config) {
        var stop = new Stop();
        var counters = new Counters();
        var location = spec.location();
        var patience = new Patience(config);
        var reading = new FfmpegSession.Reading(stop, counters, patience);
        ReconnectingSession.Opener opener = location.kind() == SourceLocation.Kind.SCENE
                ? number -> SceneSession.open(location.address(), config, number)
                : number -> FfmpegSession.open(location, config, number, reading);
        return new DefaultFrameSource(spec, config, opener, stop, counters, patience);
    }
}
