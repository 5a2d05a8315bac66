package io.framecast.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.framecast.forecast.ErrorMap;
import io.framecast.forecast.Forecast;
import io.framecast.forecast.ForecastScore;
import io.framecast.forecast.FrameSurprise;
import io.framecast.forecast.LatencyStamps;
import io.framecast.forecast.Origin;
import io.framecast.forecast.Persistence;
import io.framecast.forecast.RecentErrors;
import io.framecast.forecast.StepScore;
import io.framecast.forecast.SurprisingStretch;
import io.framecast.forecast.Window;
import io.framecast.frame.CameraId;
import io.framecast.frame.CameraPicture;
import io.framecast.frame.CameraState;
import io.framecast.frame.CameraStatus;
import io.framecast.frame.EncodedImage;
import io.framecast.frame.Frame;
import io.framecast.frame.FrameId;
import io.framecast.frame.Frames;
import io.framecast.topic.proto.Score;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CodecTest {
    @Test
    void frame_encodedAndDecoded_isTheSame() throws MalformedRecordException {
        Frame frame = Frames.of("front-door", 42);
        assertThat(FrameCodec.decode(FrameCodec.encode(frame))).isEqualTo(frame);
    }

    @Test
    void picture_encodedAndDecoded_isTheSame() throws MalformedRecordException {
        var picture = new CameraPicture(
                new CameraId("yard"),
                new FrameId(1_000_000, 7),
                Instant.EPOCH.plusSeconds(9),
                640,
                360,
                EncodedImage.copyOf(new byte[] {1, 2, 3}));

        assertThat(PictureCodec.decode(PictureCodec.encode(picture))).isEqualTo(picture);
    }

    @Test
    void picture_malformed_isRefused() {
        byte[] noSize = io.framecast.topic.proto.CameraPicture.newBuilder()
                .setCamera("yard")
                .build()
                .toByteArray();

        assertThatThrownBy(() -> PictureCodec.decode(noSize))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessageContaining("picture of camera yard is 0x0");
        byte[] tooLarge = io.framecast.topic.proto.CameraPicture.newBuilder()
                .setCamera("yard")
                .setWidth(640)
                .setHeight(360)
                .setJpeg(ByteString.copyFrom(new byte[(256 << 10) + 1]))
                .build()
                .toByteArray();
        assertThatThrownBy(() -> PictureCodec.decode(tooLarge))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessageContaining("262145 bytes");
        assertThatThrownBy(() -> PictureCodec.decode(new byte[] {9, 9, 9}))
                .isInstanceOf(MalformedRecordException.class);
    }

    @Test
    void forecast_encodedAndDecoded_isTheSame() throws MalformedRecordException {
        Forecast forecast = forecast();
        assertThat(ForecastCodec.decode(ForecastCodec.encode(forecast))).isEqualTo(forecast);
        var stamps = new LatencyStamps(Instant.EPOCH, Instant.EPOCH.plusMillis(3), Instant.EPOCH.plusMillis(90));
        assertThat(ForecastCodec.decode(ForecastCodec.encode(forecast.stamped(stamps))))
                .isEqualTo(forecast.stamped(stamps));
    }

    @Test
    void forecast_onTheWire_saysWhatEachFrameIsFor() throws Exception {
        var record = io.framecast.topic.proto.Forecast.parseFrom(ForecastCodec.encode(forecast()));
        assertThat(record.getId()).isEqualTo("a/1000000/1/persistence");
        assertThat(record.getFrames().size()).isEqualTo(32 * 64 * 64 * 3);
        assertThat(record.getForTimeUsList()).hasSize(32);
        assertThat(record.getForTimeUs(0) - record.getOriginTimeUs()).isEqualTo(100_000);
        assertThat(record.getForTimeUs(31) - record.getOriginTimeUs()).isEqualTo(3_200_000);
    }

    @Test
    void status_encodedAndDecoded_isTheSame() throws MalformedRecordException {
        var status = new CameraStatus(
                new CameraId("yard"),
                CameraState.RECONNECTING,
                Instant.EPOCH.plusSeconds(9),
                Optional.of(Instant.EPOCH.plusSeconds(8)),
                3,
                "no answer");
        var process = new CaptureProcess("drawn", "host-a", 4711, Instant.EPOCH.plusSeconds(7));
        byte[] record = CameraStatusCodec.encode(status, process, "night");
        assertThat(CameraStatusCodec.decode(record)).isEqualTo(status);
        assertThat(CameraStatusCodec.process(record)).contains(process);
        assertThat(CameraStatusCodec.model(record)).isEqualTo("night");
    }

    @Test
    void status_ofAnOlderVersion_namesNoProcess() throws MalformedRecordException {
        byte[] record = io.framecast.topic.proto.CameraStatus.newBuilder()
                .setCamera("yard")
                .setState(io.framecast.topic.proto.CameraStatus.State.LIVE)
                .build()
                .toByteArray();
        assertThat(CameraStatusCodec.process(record)).isEmpty();
        assertThat(CameraStatusCodec.model(record)).isEmpty();
    }

    @Test
    void processes_areInOneOrder_whicheverIsAsked() {
        var first = new CaptureProcess("b", "host-a", 1, Instant.EPOCH);
        var later = new CaptureProcess("a", "host-b", 1, Instant.EPOCH.plusSeconds(1));
        var sameTime = new CaptureProcess("c", "host-c", 1, Instant.EPOCH);
        assertThat(first.isBefore(later)).isTrue();
        assertThat(later.isBefore(first)).isFalse();
        assertThat(first.isBefore(sameTime)).isTrue();
        assertThat(sameTime.isBefore(first)).isFalse();
        assertThat(first.isBefore(first)).isFalse();
    }

    @Test
    void surprise_encodedAndDecoded_isTheSame() throws MalformedRecordException {
        var frame = new FrameSurprise(
                new CameraId("yard"),
                7,
                42,
                Instant.EPOCH.plusMillis(4200),
                "yard/7/40/m",
                2,
                Math.log(3),
                Double.NaN,
                new ErrorMap(1, 2, List.of(0, 255)),
                new ErrorMap(1, 2, List.of(0, 200)));
        assertThat(SurpriseCodec.frame(SurpriseCodec.encode(frame))).isEqualTo(frame);

        var stretch = new SurprisingStretch(
                new CameraId("yard"),
                7,
                42,
                Instant.EPOCH,
                Instant.EPOCH.plusSeconds(2),
                true,
                9,
                4.5,
                Instant.EPOCH.plusSeconds(1),
                ErrorMap.none());
        assertThat(SurpriseCodec.stretch(SurpriseCodec.encode(stretch))).isEqualTo(stretch);
    }

    @Test
    void score_encodedAndDecoded_isTheSame() throws MalformedRecordException {
        var origin = new Origin(new CameraId("yard"), 7, 40, Instant.EPOCH.plusSeconds(4));
        var score = new ForecastScore(
                "yard/7/40/m",
                origin,
                List.of(new StepScore(0.5, 3, 0.25, 0.75, 1.25, 0.125)),
                4.5,
                new RecentErrors(List.of(0.25), List.of(0.5)));
        assertThat(ScoreCodec.score(ScoreCodec.encode(score))).isEqualTo(score);
    }

    @Test
    void score_thatCannotBe_isMalformed() {
        Score.Builder record = Score.newBuilder().setCamera("yard").setForecastId("yard/7/40/m");
        for (float mean : new float[] {-1, 2, Float.NaN, Float.POSITIVE_INFINITY}) {
            byte[] bytes = record.clone()
                    .addRecentExpectedMse(0.5f)
                    .addRecentMse(mean)
                    .build()
                    .toByteArray();
            assertThatThrownBy(() -> ScoreCodec.score(bytes))
                    .isInstanceOf(MalformedRecordException.class)
                    .hasMessageContaining("from 0 to 1");
        }
        byte[] nameless = record.clone().setForecastId("yard/7/40").build().toByteArray();
        assertThatThrownBy(() -> ScoreCodec.score(nameless))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessageContaining("no forecast's id");
    }

    @Test
    void surprise_thatContradictsItself_isMalformed() {
        byte[] bytes = io.framecast.topic.proto.Surprise.newBuilder()
                .setCamera("yard")
                .setErrors(io.framecast.topic.proto.ErrorMap.newBuilder()
                        .setRows(3)
                        .setColumns(3))
                .build()
                .toByteArray();

        assertThatThrownBy(() -> SurpriseCodec.frame(bytes))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessageContaining("3x3 cells has 0 values");
        assertThatThrownBy(() -> SurpriseCodec.frame(new byte[] {1, 2, 3}))
                .isInstanceOf(MalformedRecordException.class);
        assertThatThrownBy(() -> SurpriseCodec.stretch(new byte[] {1, 2, 3}))
                .isInstanceOf(MalformedRecordException.class);
    }

    @Test
    void anyCut_isMalformedNotACrash() {
        byte[] whole = FrameCodec.encode(Frames.of("a", 1));
        for (int length = 0; length < whole.length; length += 97) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> FrameCodec.decode(cut)).isInstanceOf(MalformedRecordException.class);
        }
    }

    @Test
    void randomBytes_areMalformedNotACrash() {
        var random = new Random(5);
        for (int i = 0; i < 2000; i++) {
            var bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            assertThatThrownBy(() -> FrameCodec.decode(bytes)).isInstanceOf(MalformedRecordException.class);
            assertThatThrownBy(() -> ForecastCodec.decode(bytes)).isInstanceOf(MalformedRecordException.class);
        }
    }

    @Test
    void hostileShape_isMalformedNotAHugeArray() {
        var record = io.framecast.topic.proto.Forecast.newBuilder()
                .setCamera("a")
                .setEncoding(io.framecast.topic.proto.Encoding.RAW_RGB8)
                .setShape(io.framecast.topic.proto.Shape.newBuilder()
                        .setHeight(16_384)
                        .setWidth(16_384)
                        .setChannels(4))
                .addForTimeUs(1)
                .build();
        assertThatThrownBy(() -> ForecastCodec.decode(record.toByteArray()))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessageContaining("has 0 bytes for 1 frames");
    }

    @Test
    void recordThatEndsInTheMiddleOfAGroup_isMalformed() {
        byte[] value = ForecastCodec.encode(forecast());
        byte[] more = Arrays.copyOf(value, value.length + 1);
        more[value.length] = 0x0C; // ends a group that never began

        assertThatThrownBy(() -> ForecastCodec.decode(more)).isInstanceOf(MalformedRecordException.class);
        assertThatThrownBy(() -> FrameCodec.decode(new byte[] {0x0C})).isInstanceOf(MalformedRecordException.class);
    }

    @Test
    void decodedPictures_areNoPartOfTheRecord() throws MalformedRecordException {
        Forecast forecast = forecast();
        byte[] value = ForecastCodec.encode(forecast);
        Forecast decoded = ForecastCodec.decode(value);

        Arrays.fill(value, (byte) 0);

        assertThat(decoded).isEqualTo(forecast);
    }

    private static Forecast forecast() {
        var window = new Window(new CameraId("a"), List.of(Frames.of("a", 0), Frames.of("a", 1)));
        return new Persistence().forecast(List.of(window)).get(0);
    }
}
