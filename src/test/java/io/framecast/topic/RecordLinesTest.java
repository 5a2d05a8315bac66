package io.framecast.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.framecast.forecast.Forecast;
import io.framecast.forecast.ForecastScore;
import io.framecast.forecast.ModelVersion;
import io.framecast.forecast.Origin;
import io.framecast.forecast.RecentErrors;
import io.framecast.forecast.StepScore;
import io.framecast.frame.CameraId;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecordLinesTest {
    private static final Origin ORIGIN = new Origin(new CameraId("yard"), 7, 40, Instant.EPOCH.plusSeconds(4));

    private static Map<String, Object> line(TopicKind kind, byte[] value) throws MalformedRecordException {
        return RecordLines.of(new TopicReader.Found(kind, 3, 42, "yard", value));
    }

    @Test
    void forecast_saysWhatIsExpectedOfIt() throws MalformedRecordException {
        var shape = new FrameShape(8, 8, 3);
        var forecast = new Forecast(
                ORIGIN,
                new ModelVersion("m", "1"),
                10,
                Duration.ofMillis(100),
                shape,
                List.of(Pixels.copyOf(new byte[shape.bytes()])),
                List.of(0.25),
                Optional.empty());

        assertThat(line(TopicKind.FORECASTS, ForecastCodec.encode(forecast)))
                .containsEntry("offset", 42L)
                .containsEntry("expectedMse", List.of(0.25f));
    }

    @Test
    void score_saysWhatWasExpectedAndOccurredLately() throws MalformedRecordException {
        var score = new ForecastScore(
                "yard/7/40/m", ORIGIN, List.of(StepScore.MISSING), 4.5, new RecentErrors(List.of(0.25), List.of(0.5)));

        assertThat(line(TopicKind.SCORES, ScoreCodec.encode(score)))
                .containsEntry("forecast", "yard/7/40/m")
                .containsEntry("recentExpectedMse", List.of(0.25f))
                .containsEntry("recentMse", List.of(0.5f));
    }
}
