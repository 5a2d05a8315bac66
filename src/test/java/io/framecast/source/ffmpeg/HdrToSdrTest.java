package io.framecast.source.ffmpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_PRI_BT2020;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_PRI_BT709;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_PRI_UNSPECIFIED;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_MPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_BT2020_NCL;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_BT709;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_TRC_BT2020_10;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_TRC_BT709;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_TRC_SMPTE2084;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P10LE;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;

import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import io.framecast.source.Fit;
import java.util.HashMap;
import java.util.Map;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.ShortPointer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** High dynamic range looks as it does on a screen that has none: not washed out, and not in other colours. */
class HdrToSdrTest {
    private static final int SIDE = 128;

    /** Kept while the colours stay the same, because FFmpeg takes seconds to compute a mapping. */
    private static final Map<Colours, FfmpegScaler> SCALERS = new HashMap<>();

    private record Colours(int transfer, int primaries, int space, Fit fit) {}

    @BeforeAll
    static void load() {
        Ffmpeg.load();
    }

    @AfterAll
    static void closeScalers() {
        SCALERS.values().forEach(FfmpegScaler::close);
        SCALERS.clear();
    }

    /** The mean of a picture of one colour, given as Y, U and V of 10 bits. */
    private static int[] seen(int transfer, int primaries, int space, int y, int u, int v, Fit fit) {
        var frame = av_frame_alloc();
        frame.width(SIDE).height(fit == Fit.LETTERBOX ? SIDE / 2 : SIDE).format(AV_PIX_FMT_YUV420P10LE);
        assertThat(av_frame_get_buffer(frame, 0)).isZero();
        frame.color_trc(transfer).color_primaries(primaries).colorspace(space).color_range(AVCOL_RANGE_MPEG);
        fill(frame.data(0), frame.linesize(0) / 2 * frame.height(), y);
        fill(frame.data(1), frame.linesize(1) / 2 * frame.height() / 2, u);
        fill(frame.data(2), frame.linesize(2) / 2 * frame.height() / 2, v);
        FfmpegScaler scaler = SCALERS.computeIfAbsent(
                new Colours(transfer, primaries, space, fit), colours -> new FfmpegScaler(FrameShape.STANDARD, fit));
        try {
            Pixels pixels = scaler.scale(frame);
            assertThat(pixels.at(0)).as("a bar is black").isEqualTo(fit == Fit.LETTERBOX ? 0 : pixels.at(0));
            int middle = (32 * 64 + 32) * 3;
            return new int[] {pixels.at(middle), pixels.at(middle + 1), pixels.at(middle + 2)};
        } finally {
            av_frame_free(frame);
        }
    }

    private static void fill(BytePointer plane, int count, int value) {
        var values = new ShortPointer(plane);
        for (int i = 0; i < count; i++) {
            values.put(i, (short) value);
        }
    }

    private static int grey(int transfer, int level) {
        return seen(transfer, AVCOL_PRI_BT2020, AVCOL_SPC_BT2020_NCL, level, 512, 512, Fit.STRETCH)[1];
    }

    @ParameterizedTest
    // Y of 10 bits, and the nits that stands for in PQ (SMPTE ST 2084) or, on a screen of 1000 nits, in HLG (ITU-R
    // BT.2100).
    @CsvSource({
        "16, 64, 0, 0",
        "16, 503, 94, 140",
        "16, 573, 203, 174",
        "16, 723, 1000, 255",
        "18, 64, 0, 0",
        "18, 723, 203, 174",
        "18, 940, 1000, 255"
    })
    void scale_greyOfSomeNits_isTheSameWhicheverWayItWasEncoded(int transfer, int level, int nits, int seen) {
        assertThat(grey(transfer, level)).as(nits + " nits").isCloseTo(seen, within(4));
    }

    @ParameterizedTest
    @CsvSource({"16", "18"})
    void scale_brighterGreys_areBrighter(int transfer) {
        int before = -1;
        for (int level = 64; level <= 720; level += 41) {
            int grey = grey(transfer, level);
            assertThat(grey).as("level " + level).isGreaterThan(before);
            before = grey;
        }
    }

    @ParameterizedTest
    @CsvSource({"16", "18"})
    void scale_withoutPrimaries_takesThoseOfBt2020(int transfer) {
        assertThat(seen(transfer, AVCOL_PRI_UNSPECIFIED, AVCOL_SPC_BT2020_NCL, 450, 400, 600, Fit.STRETCH))
                .isEqualTo(seen(transfer, AVCOL_PRI_BT2020, AVCOL_SPC_BT2020_NCL, 450, 400, 600, Fit.STRETCH));
    }

    @Test
    void scale_wideGamut_isMoreColourfulThanItsNumbers() {
        int[] wide = seen(AVCOL_TRC_BT2020_10, AVCOL_PRI_BT2020, AVCOL_SPC_BT2020_NCL, 400, 480, 600, Fit.STRETCH);
        int[] usual = seen(AVCOL_TRC_BT2020_10, AVCOL_PRI_BT709, AVCOL_SPC_BT2020_NCL, 400, 480, 600, Fit.STRETCH);
        assertThat(wide[0] - wide[1]).isGreaterThan(usual[0] - usual[1]);
    }

    @Test
    void scale_standardRange_isConvertedAsBefore() {
        int[] grey = seen(AVCOL_TRC_BT709, AVCOL_PRI_BT709, AVCOL_SPC_BT709, 502, 512, 512, Fit.STRETCH);
        assertThat(grey[0]).isCloseTo(128, within(1));
        assertThat(grey[1]).isEqualTo(grey[0]);
    }

    @Test
    void scale_letterboxed_leavesBlackBars() {
        assertThat(seen(AVCOL_TRC_SMPTE2084, AVCOL_PRI_BT2020, AVCOL_SPC_BT2020_NCL, 573, 512, 512, Fit.LETTERBOX)[0])
                .isGreaterThan(165);
    }
}
