package io.framecast.topic;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.framecast.forecast.ErrorMap;
import io.framecast.forecast.Forecast;
import io.framecast.forecast.ForecastScore;
import io.framecast.forecast.FrameSurprise;
import io.framecast.forecast.LatencyStamps;
import io.framecast.forecast.ModelVersion;
import io.framecast.forecast.Origin;
import io.framecast.forecast.RecentErrors;
import io.framecast.forecast.StepScore;
import io.framecast.forecast.SurprisingStretch;
import io.framecast.frame.CameraId;
import io.framecast.frame.CameraState;
import io.framecast.frame.CameraStatus;
import io.framecast.frame.ClockSource;
import io.framecast.frame.Frame;
import io.framecast.frame.FrameShape;
import io.framecast.frame.FrameTime;
import io.framecast.frame.Pixels;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Records that version 0.1.0 wrote are read as it meant them, so that an upgrade finds its topics. */
class EarlierRecordsTest {
    private static final CameraId YARD = new CameraId("yard");
    private static final Instant AT = Instant.parse("2026-11-29T10:15:30.123456Z");
    private static final FrameShape SHAPE = new FrameShape(2, 3, 3);
    private static final Origin ORIGIN = new Origin(YARD, 1_764_411_330_000_000L, 42, AT);

    private static Map<String, byte[]> records;

    @BeforeAll
    static void read() throws Exception {
        try (var file = requireNonNull(EarlierRecordsTest.class.getResourceAsStream("/topic/records-0.1.0.txt"))) {
            records = new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.split(" ", 2))
                    .collect(Collectors.toMap(
                            parts -> parts[0], parts -> Base64.getDecoder().decode(parts[1])));
        }
    }

    private static byte[] record(String kind) {
        return requireNonNull(records.get(kind));
    }

    private static Pixels pixels() {
        var bytes = new byte[SHAPE.bytes()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 14);
        }
        return Pixels.copyOf(bytes);
    }

    @Test
    void frame_isRead() throws Exception {
        var time = new FrameTime(AT, ClockSource.ARRIVAL, OptionalLong.of(4_200_000));

        assertThat(FrameCodec.decode(record("frame")))
                .isEqualTo(new Frame(YARD, ORIGIN.epoch(), 42, time, SHAPE, pixels()));
    }

    @Test
    void forecast_isRead() throws Exception {
        var errors = new ArrayList<Double>();
        for (int step = 1; step <= Forecast.HORIZON; step++) {
            errors.add(step / 64.0);
        }

        assertThat(ForecastCodec.decode(record("forecast")))
                .isEqualTo(new Forecast(
                        ORIGIN,
                        new ModelVersion("flow-mixture", "7"),
                        10,
                        Duration.ofMillis(100),
                        SHAPE,
                        Collections.nCopies(Forecast.HORIZON, pixels()),
                        errors,
                        Optional.of(new LatencyStamps(AT, AT.plusMillis(3), AT.plusMillis(90)))));
    }

    @Test
    void score_isRead() throws Exception {
        assertThat(ScoreCodec.score(record("score")))
                .isEqualTo(new ForecastScore(
                        "yard/1764411330000000/42/flow-mixture",
                        ORIGIN,
                        List.of(new StepScore(0.5, 3, 0.25, 0.75, 1.25, 0.125)),
                        4.5,
                        new RecentErrors(List.of(0.25), List.of(0.5))));
    }

    @Test
    void surpriseAndStretch_areRead() throws Exception {
        assertThat(SurpriseCodec.frame(record("surprise")))
                .isEqualTo(new FrameSurprise(
                        YARD,
                        7,
                        42,
                        AT,
                        "yard/7/40/m",
                        2,
                        0.5,
                        1.5,
                        new ErrorMap(1, 2, List.of(0, 255)),
                        new ErrorMap(1, 2, List.of(0, 200))));
        assertThat(SurpriseCodec.stretch(record("stretch")))
                .isEqualTo(new SurprisingStretch(
                        YARD,
                        7,
                        42,
                        AT,
                        AT.plusSeconds(2),
                        true,
                        9,
                        4.5,
                        AT.plusSeconds(1),
                        new ErrorMap(1, 2, List.of(3, 4))));
    }

    @Test
    void cameraStatus_isRead() throws Exception {
        assertThat(CameraStatusCodec.decode(record("camera")))
                .isEqualTo(new CameraStatus(
                        YARD, CameraState.RECONNECTING, AT, Optional.of(AT.minusSeconds(1)), 3, "no answer"));
        assertThat(CameraStatusCodec.process(record("camera")))
                .contains(new CaptureProcess("drawn", "host-a", 4711, AT.minusSeconds(60)));
        assertThat(CameraStatusCodec.model(record("camera")))
                .as("cameras had no model of their own then")
                .isEmpty();
    }
}
