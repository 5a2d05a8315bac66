package io.framecast.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.framecast.data.Clip;
import io.framecast.data.MovingBar;
import io.framecast.data.TrainingSet;
import io.framecast.frame.FrameShape;
import io.framecast.frame.Pixels;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WindowSamplerTest {
    private static final FrameShape SHAPE = new FrameShape(16, 16, 3);

    private static Clip clip(int length) {
        return Clip.of(new MovingBar("bar", SHAPE, 2, length)).orElseThrow();
    }

    /** Windows of 4 + 6 frames; with fewer, if they have so many after the context. */
    private static TrainingConfig config(int leastHorizon) {
        return TrainingConfig.of(Map.of(
                "sampling.context-length",
                4,
                "sampling.horizon",
                6,
                "sampling.least-horizon",
                leastHorizon,
                "sampling.batch",
                20,
                "augmentation.share",
                0,
                "sampling.max-stride",
                3));
    }

    private static Set<Integer> lengths(WindowSampler sampler) {
        return IntStream.range(0, 10)
                .mapToObj(sampler::windows)
                .flatMap(List::stream)
                .map(List::size)
                .collect(Collectors.toSet());
    }

    @Test
    void windows_ofAClipThatIsShort_endWithIt() {
        var sampler = new WindowSampler(List.of(clip(9)), SHAPE, config(3));

        assertThat(lengths(sampler)).containsExactlyInAnyOrder(7, 8, 9);
        List<Pixels> frames = clip(9).stretches().get(0);
        assertThat(sampler.windows(0))
                .allSatisfy(window -> assertThat(window).last().isEqualTo(frames.get(8)));
    }

    @Test
    void windows_ofAClipThatIsLongEnough_areWhole() {
        assertThat(lengths(new WindowSampler(List.of(clip(30)), SHAPE, config(3))))
                .containsExactly(10);
    }

    /** Contexts of 3 to 8 frames, 6 after them; with fewer, at least 2. */
    private static TrainingConfig growing() {
        return TrainingConfig.of(Map.of(
                "sampling.context-length",
                8,
                "sampling.least-context-length",
                3,
                "sampling.horizon",
                6,
                "sampling.least-horizon",
                2,
                "sampling.batch",
                50,
                "augmentation.share",
                0,
                "sampling.max-stride",
                3));
    }

    /** How many frames of the context are real: all but the repetitions at its begin. */
    private static int context(List<Pixels> window) {
        int first = 0;
        while (window.get(first).equals(window.get(first + 1))) {
            first++;
        }
        return 8 - first;
    }

    @Test
    void windows_whoseContextMayBeShort_areAsLongAndBeginWithRepetitions() {
        var sampler = new WindowSampler(List.of(clip(60)), SHAPE, growing());

        List<List<Pixels>> windows = sampler.windows(0);

        assertThat(windows)
                .as("8 frames, then all 6")
                .allSatisfy(window -> assertThat(window).hasSize(14));
        Map<Integer, Long> contexts =
                windows.stream().collect(Collectors.groupingBy(WindowSamplerTest::context, Collectors.counting()));
        assertThat(contexts.keySet()).isSubsetOf(3, 4, 5, 6, 7, 8).hasSizeGreaterThan(4);
        assertThat(contexts.get(8)).as("most of one half").isBetween(10L, 40L);
    }

    @Test
    void windows_whoseContextMayBeShort_ofAShortClip_haveWhatIsKnownOfBothParts() {
        var sampler = new WindowSampler(List.of(clip(9)), SHAPE, growing());
        List<Pixels> frames = clip(9).stretches().get(0);

        assertThat(IntStream.range(0, 5).mapToObj(sampler::windows).flatMap(List::stream))
                .allSatisfy(window -> {
                    int context = context(window);
                    int after = window.size() - 8;
                    assertThat(context).isBetween(3, 6);
                    assertThat(after).isBetween(2, 6);
                    assertThat(frames).containsAll(window);
                });
    }

    @Test
    void windows_augmentedInPart_showTheOthersAsTheyAre() {
        Set<Pixels> frames = Set.copyOf(clip(30).stretches().get(0));
        var sampler = new WindowSampler(
                List.of(clip(30)),
                SHAPE,
                TrainingConfig.of(Map.of(
                        "sampling.context-length",
                        4,
                        "sampling.horizon",
                        6,
                        "sampling.batch",
                        200,
                        "augmentation.share",
                        0.25,
                        "sampling.max-stride",
                        1)));

        long plain = sampler.windows(0).stream().filter(frames::containsAll).count();

        assertThat(plain).isBetween(120L, 180L); // three quarters are 150
    }

    @Test
    void windows_ofRecordingsOfOneCamera_comeAsOftenAsThoseOfOneOfTheirLength() {
        List<TrainingSet> sets = List.of(named("door-1.mp4", 0), named("door-2.mp4", 0), named("yard.mp4", 255));
        var settings = Map.<String, Object>of(
                "sampling.context-length",
                4,
                "sampling.horizon",
                6,
                "sampling.batch",
                2000,
                "augmentation.share",
                0,
                "sampling.max-stride",
                1);

        var each = new WindowSampler(sets, SHAPE, TrainingConfig.of(settings));
        var withCamera = new LinkedHashMap<>(settings);
        withCamera.put("sampling.one-camera", List.of("door-*", "gate-*"));
        var together = new WindowSampler(sets, SHAPE, TrainingConfig.of(withCamera));

        assertThat(ofTheYard(each)).isBetween(600L, 735L); // a third of 2,000 are 667
        assertThat(ofTheYard(together)).isBetween(757L, 900L); // 1 of 1 + the root of 2: 828
    }

    private static long ofTheYard(WindowSampler sampler) {
        Set<Pixels> yard = Set.copyOf(named("yard.mp4", 255).stretches().get(0));
        return sampler.windows(0).stream().filter(yard::containsAll).count();
    }

    /** A moving bar, each byte combined with a mask by exclusive or. */
    private static Clip named(String name, int mask) {
        List<Pixels> frames = clip(30).stretches().get(0).stream()
                .map(frame -> {
                    byte[] bytes = frame.toByteArray();
                    for (int i = 0; i < bytes.length; i++) {
                        bytes[i] ^= (byte) mask;
                    }
                    return Pixels.copyOf(bytes);
                })
                .toList();
        return new Clip(name, SHAPE, List.of(frames));
    }

    /** A clip that says of itself that it may not be changed, as sets that are made up do. */
    private record Unchangeable(Clip clip) implements TrainingSet {
        @Override
        public String name() {
            return clip.name();
        }

        @Override
        public FrameShape shape() {
            return clip.shape();
        }

        @Override
        public long length() {
            return clip.length();
        }

        @Override
        public boolean has(int windowLength) {
            return clip.has(windowLength);
        }

        @Override
        public boolean isAugmentable() {
            return false;
        }

        @Override
        public List<Pixels> draw(int least, int usual, int most, int maxStride, Random random) {
            return clip.draw(least, usual, most, maxStride, random);
        }
    }

    @Test
    void windows_ofASetThatMayNotBeChanged_areNotAlsoWhereDrawnInPlaceOfAStillOne() {
        Clip still = Clip.of(new MovingBar("still", SHAPE, 0, 30)).orElseThrow();
        Set<Pixels> frames = Set.copyOf(clip(30).stretches().get(0));
        var sampler = new WindowSampler(
                List.of(still, new Unchangeable(clip(30))),
                SHAPE,
                TrainingConfig.of(Map.of(
                        "sampling.context-length",
                        4,
                        "sampling.horizon",
                        6,
                        "sampling.batch",
                        200,
                        "augmentation.share",
                        1,
                        "sampling.max-stride",
                        1)));

        List<List<Pixels>> moving = sampler.windows(0).stream()
                .filter(window -> !window.get(0).equals(window.get(1)))
                .toList();

        // Half are drawn at once, and of the others all but an eighth when drawn again up to three times.
        assertThat(moving).hasSizeGreaterThan(160).allMatch(frames::containsAll);
    }

    @Test
    void new_clipsTooShort_saysHowManyFramesTheyNeed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WindowSampler(List.of(clip(6)), SHAPE, config(3)))
                .withMessageContaining("no clip has the 7 frames that a window needs");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WindowSampler(List.of(clip(9)), SHAPE, config(32)))
                .withMessageContaining("no clip has the 10 frames");
    }
}
