package io.framecast.predict;

import static org.assertj.core.api.Assertions.assertThat;

import io.framecast.forecast.Forecast;
import io.framecast.forecast.Forecaster;
import io.framecast.forecast.ModelVersion;
import io.framecast.forecast.Window;
import io.framecast.frame.CameraId;
import io.framecast.frame.FrameShape;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Models of cameras in virtual time; the loader's thread is a queue. */
class CameraModelsTest {
    private static final CameraId DOOR = new CameraId("door");
    private static final CameraId YARD = new CameraId("yard");
    private static final FrameShape SHAPE = new FrameShape(2, 2, 3);

    private final Map<String, Model> there = new HashMap<>();
    private final List<String> told = new ArrayList<>();
    private final ArrayDeque<Runnable> loads = new ArrayDeque<>();
    private String usual = "usual";
    private long nanos;
    private final CameraModels models = new CameraModels(new Models(), loads::add, () -> nanos);

    /** A model that counts how often it is closed. */
    private static final class Model implements Forecaster {
        private final String name;
        private final Optional<FrameShape> shape;
        private int closed;

        private Model(String name, Optional<FrameShape> shape) {
            this.name = name;
            this.shape = shape;
        }

        @Override
        public ModelVersion model() {
            return new ModelVersion(name, "1");
        }

        @Override
        public int contextLength() {
            return 4;
        }

        @Override
        public Optional<FrameShape> takes() {
            return shape;
        }

        @Override
        public List<Forecast> forecast(List<Window> windows) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {
            closed++;
        }
    }

    private final class Models implements CameraModels.Shelf {
        @Override
        public Forecaster load(String name) {
            Model model = there.get(name);
            if (model == null) {
                throw new IllegalArgumentException("there is none");
            }
            return model;
        }

        @Override
        public boolean isUsual(String name) {
            return name.equals(usual);
        }

        @Override
        public void loaded(String name, ModelVersion model) {
            told.add(name + " runs");
        }

        @Override
        public void refused(String name, CameraId camera, String why) {
            told.add(name + " of " + camera + ": " + why);
        }

        @Override
        public void released(String name) {
            told.add(name + " is released");
        }
    }

    private Model has(String name) {
        var model = new Model(name, Optional.empty());
        there.put(name, model);
        return model;
    }

    private Optional<Forecaster> of(CameraId camera) {
        return models.of(camera, SHAPE);
    }

    private void load() {
        while (!loads.isEmpty()) {
            loads.remove().run();
        }
        models.refresh();
    }

    private void name(CameraId camera, String name) {
        models.name(camera, name);
        models.refresh();
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }

    @Test
    void camera_withoutAName_orWithTheUsualOne_loadsNothing() {
        name(DOOR, "usual");
        assertThat(of(DOOR)).isEmpty();
        assertThat(of(YARD)).isEmpty();
        assertThat(loads).isEmpty();
        usual = "another";
        assertThat(of(DOOR)).isEmpty();
        assertThat(loads).as("what is usual is asked again at each refresh").isEmpty();
        models.refresh();
        assertThat(of(DOOR)).isEmpty();
        assertThat(loads).hasSize(1);
    }

    @Test
    void model_isLoadedOnceForAllItsCameras_andOnlyWhenOneNeedsIt() {
        Model night = has("night");
        name(DOOR, "night");
        name(YARD, "night");
        assertThat(loads).isEmpty();
        assertThat(of(DOOR)).isEmpty();
        assertThat(of(YARD)).isEmpty();
        assertThat(loads).hasSize(1);
        loads.remove().run();
        assertThat(of(DOOR)).as("not before its turn").isEmpty();
        models.refresh();
        assertThat(of(DOOR)).containsSame(night);
        assertThat(of(YARD)).containsSame(night);
        assertThat(told).containsExactly("night runs");
    }

    @Test
    void name_changed_countsFromTheNextRefresh() {
        Model night = has("night");
        name(DOOR, "night");
        of(DOOR);
        load();
        models.name(DOOR, "");
        assertThat(of(DOOR)).containsSame(night);
        models.refresh();
        assertThat(of(DOOR)).isEmpty();
    }

    @Test
    void unknownModel_isToldOnce_triedAgainEachMinute_andRunsOnceItIsThere() {
        name(DOOR, "night");
        of(DOOR);
        load();
        assertThat(told).containsExactly("night of door: there is none");
        assertThat(of(DOOR)).isEmpty();
        assertThat(loads).as("too soon").isEmpty();
        pass(CameraModels.RETRY);
        of(DOOR);
        load();
        assertThat(told).hasSize(1);
        Model night = has("night");
        pass(CameraModels.RETRY);
        of(DOOR);
        load();
        assertThat(of(DOOR)).containsSame(night);
        assertThat(told).containsExactly("night of door: there is none", "night runs");
    }

    @Test
    void model_thatNothingNeeds_isClosedAfterAWhile_andLoadedAnewLater() {
        Model night = has("night");
        name(DOOR, "night");
        of(DOOR);
        load();
        pass(CameraModels.KEPT);
        of(DOOR);
        pass(CameraModels.KEPT);
        models.refresh();
        assertThat(night.closed).isZero();
        pass(Duration.ofNanos(1));
        models.refresh();
        assertThat(night.closed).isEqualTo(1);
        assertThat(told).containsExactly("night runs", "night is released");
        of(DOOR);
        assertThat(loads).hasSize(1);
    }

    @Test
    void tooManyModels_areRefused_untilOneIsClosed() {
        for (int i = 0; i < CameraModels.MOST_MODELS; i++) {
            has("m" + i);
            name(new CameraId("c" + i), "m" + i);
            of(new CameraId("c" + i));
        }
        Model last = has("last");
        name(DOOR, "last");
        of(DOOR);
        load();
        assertThat(told).contains("last of door: 8 others of cameras are loaded already");
        assertThat(of(DOOR)).isEmpty();
        pass(CameraModels.KEPT.plusSeconds(1));
        models.refresh();
        of(DOOR);
        load();
        assertThat(of(DOOR)).containsSame(last);
    }

    @Test
    void modelOfOtherFrames_isToldOnce_andNotUsed() {
        there.put("large", new Model("large", Optional.of(new FrameShape(8, 8, 3))));
        name(DOOR, "large");
        of(DOOR);
        load();
        assertThat(of(DOOR)).isEmpty();
        assertThat(of(DOOR)).isEmpty();
        assertThat(told)
                .containsExactly(
                        "large runs", "large of door: it takes frames of 8x8x3, and those of the camera are 2x2x3");
        assertThat(models.of(DOOR, new FrameShape(8, 8, 3))).isPresent();
    }

    @Test
    void modelThatBroke_isClosed_andLoadedAnewAfterAMinute() {
        Model night = has("night");
        name(DOOR, "night");
        of(DOOR);
        load();
        models.broke(night, DOOR, "out of memory");
        assertThat(night.closed).isEqualTo(1);
        assertThat(of(DOOR)).isEmpty();
        assertThat(loads).isEmpty();
        assertThat(told).containsExactly("night runs", "night of door: out of memory");
        pass(CameraModels.RETRY);
        of(DOOR);
        load();
        assertThat(of(DOOR)).isPresent();
    }

    @Test
    void close_closesAll_once_andWhatIsLoadedLater() {
        Model night = has("night");
        Model late = has("late");
        Model ready = has("ready");
        name(DOOR, "night");
        of(DOOR);
        load();
        name(DOOR, "ready");
        of(DOOR);
        loads.remove().run();
        name(YARD, "late");
        of(YARD);
        models.close();
        models.close();
        loads.remove().run();
        assertThat(List.of(night.closed, ready.closed, late.closed)).containsExactly(1, 1, 1);
    }
}
