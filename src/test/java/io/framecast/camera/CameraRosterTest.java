package io.framecast.camera;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.framecast.frame.CameraId;
import io.framecast.source.Fit;
import io.framecast.source.Region;
import io.framecast.source.SourceConfig;
import io.framecast.source.SourceSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CameraRosterTest {
    private static final CameraId DOOR = new CameraId("door");
    private static final CameraId YARD = new CameraId("yard");

    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("cameras.yaml");
    }

    private CameraRoster roster(String... fixed) {
        var plans = SourceSpec.parseAll(List.of(fixed)).stream()
                .map(spec -> new CameraPlan(spec, SourceConfig.defaults()))
                .toList();
        var roster = new CameraRoster(plans, SourceConfig.defaults(), Optional.of(new CamerasFile(file())));
        assertThat(roster.refresh()).isEmpty();
        return roster;
    }

    private void write(String text) throws IOException {
        Files.writeString(file(), text);
    }

    /** What is said of an edit, which counts at the second look. */
    private static List<String> follow(CameraRoster roster) {
        assertThat(roster.refresh()).isEmpty();
        return roster.refresh();
    }

    private static CameraEntry entry(CameraId camera, String source) {
        return new CameraEntry(camera, source, Map.of(), false);
    }

    @Test
    void file_ofEveryForm_isRead() throws Exception {
        write("""
                # a comment
                door: rtsp://user:secret@192.0.2.10/stream
                yard:
                  source: http://192.0.2.11/video
                  fps: 2.5
                  fit: crop
                  region: [25, 0, 50, 100]
                gate: {source: clip.mp4, paused: true, region: "0,0,10,10"}
                usb: 0
                """);
        var roster = roster("hall=test:street");

        var wanted = roster.wanted();
        assertThat(wanted.plans().keySet())
                .extracting(CameraId::value)
                .containsExactlyInAnyOrder("door", "hall", "usb", "yard");
        assertThat(wanted.paused()).containsExactly(new CameraId("gate"));
        var yard = requireNonNull(wanted.plans().get(YARD));
        assertThat(yard.reading().fps()).isEqualTo(2.5);
        assertThat(yard.reading().fit()).isEqualTo(Fit.CROP);
        assertThat(yard.reading().region()).isEqualTo(new Region(0.25, 0, 0.5, 1));
        assertThat(requireNonNull(wanted.plans().get(DOOR)).spec().location().address())
                .contains("secret");
        assertThat(roster.entry(DOOR).orElseThrow()).hasToString("door");
    }

    @Test
    void refresh_fileChanges_addsChangesAndRemoves() throws Exception {
        var roster = roster();
        assertThat(roster.wanted().plans()).isEmpty();

        write("door: test:street\nyard: test:still\n");
        assertThat(follow(roster)).isEmpty();
        var before = roster.wanted().plans().get(DOOR);
        write("door: {source: 'test:street', fps: 3}\n");
        assertThat(follow(roster)).isEmpty();

        assertThat(roster.wanted().plans()).containsOnlyKeys(DOOR);
        assertThat(roster.wanted().plans().get(DOOR)).isNotEqualTo(before);
    }

    @Test
    void refresh_oneCameraIsWrong_saysSoOnceAndKeepsWhatItWas() throws Exception {
        write("door: test:street\nyard: test:still\n");
        var roster = roster();
        var door = roster.wanted().plans().get(DOOR);

        write("door: {source: 'test:street', fps: many}\nyard: test:shapes\n");
        assertThat(follow(roster))
                .singleElement()
                .asString()
                .contains("cameras.yaml", "camera 'door'", "fps 'many'", "above 0");
        assertThat(roster.refresh()).isEmpty();

        assertThat(roster.wanted().plans().get(DOOR)).isEqualTo(door);
        assertThat(requireNonNull(roster.wanted().plans().get(YARD)).spec().location())
                .hasToString("test:shapes");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "door: [|is no YAML",
                "[door]|is no map of cameras",
                "door: a\\ndoor: b|is no YAML: Duplicate",
                "door:|it has no source",
                "door: {fps: 3}|it has no source",
                "door: {source: 'test:street', speed: 3}|'speed' is unknown: a camera may have its own fit, fps",
                "door: {source: 'test:street', paused: maybe}|paused 'maybe' is malformed: use true or false",
                "door: {source: 'test:street', region: '50,0,60,100'}|region '50,0,60,100' is malformed: use LEFT",
                "door: {source: 'test:street', region: '50,0,50,100'}|is the scene test:street, which has no region",
                "door: nosuch://x|unknown scheme 'nosuch'",
                "door: rtsp://{env:FRAMECAST_TEST_NO_SUCH}@h/|FRAMECAST_TEST_NO_SUCH",
                "door: {source: }|it has no source",
                "do or: test:street|camera id 'do or' is malformed",
                "hall: test:street|the command line gives that camera already"
            })
    void refresh_brokenFile_saysWhatAndKeepsTheOthers(String text, String words) throws Exception {
        write("door: test:still\n");
        var roster = roster("hall=test:shapes");

        write(text.replace("\\n", "\n"));

        assertThat(follow(roster))
                .singleElement()
                .asString()
                .contains("cameras.yaml")
                .contains(words);
        assertThat(roster.wanted().plans().keySet()).contains(new CameraId("hall"));
        if (!text.startsWith("do or") && !text.startsWith("hall")) {
            assertThat(roster.wanted().plans()).containsKey(DOOR);
        }
    }

    @Test
    void refresh_fileVanishes_keepsItsCameras() throws Exception {
        write("door: test:street\n");
        var roster = roster();

        Files.delete(file());

        assertThat(roster.refresh()).singleElement().asString().contains("is gone", "stay as they were");
        assertThat(roster.wanted().plans()).containsOnlyKeys(DOOR);
    }

    @Test
    void put_andRemove_areInTheFileForItsOwnerOnly() throws Exception {
        var roster = roster();

        roster.put(entry(DOOR, "rtsp://user:p:ss#1@192.0.2.10/stream"));
        roster.put(new CameraEntry(YARD, "test:street", Map.of("fps", "5"), true));

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        var again = roster();
        assertThat(again.entries()).isEqualTo(roster.entries());
        assertThat(again.wanted()).isEqualTo(roster.wanted());

        roster.remove(DOOR);
        assertThat(roster().entries()).containsExactly(new CameraEntry(YARD, "test:street", Map.of("fps", "5"), true));
        assertThat(roster.refresh()).isEmpty();
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file());
        }
    }

    @Test
    void put_fileWasEdited_keepsTheEdit() throws Exception {
        var roster = roster();
        roster.put(entry(DOOR, "test:street"));
        write("yard: test:still\n");
        assertThatThrownBy(() -> roster.put(entry(DOOR, "test:still"))).hasMessageContaining("has just been edited");
        assertThat(follow(roster)).isEmpty();

        roster.put(entry(new CameraId("gate"), "test:shapes"));

        assertThat(roster().wanted().plans().keySet())
                .extracting(CameraId::value)
                .containsExactlyInAnyOrder("gate", "yard");
    }

    @Test
    void put_oneCameraIsWrong_leavesThatAsItWasWritten() throws Exception {
        write("yard: nosuch://x\n");
        var roster = new CameraRoster(List.of(), SourceConfig.defaults(), Optional.of(new CamerasFile(file())));
        assertThat(roster.refresh()).hasSize(1);

        roster.put(entry(DOOR, "test:street"));
        assertThat(file()).content().contains("nosuch://x", "door: test:street");
        roster.remove(YARD);
        assertThat(file()).content().doesNotContain("nosuch");
    }

    @Test
    void file_emptyOrHalfWritten_changesNothing() throws Exception {
        write("door: test:street\nyard: test:still\n");
        var roster = roster();

        write("");
        assertThat(follow(roster)).singleElement().asString().contains("is empty: write {}");
        assertThat(roster.wanted().plans()).hasSize(2);
        write("door: test:street\n");
        assertThat(roster.refresh()).isEmpty();
        assertThat(roster.wanted().plans()).as("at the first look").hasSize(2);
        write("door: test:street\nyard: test:shapes\n");
        assertThat(follow(roster)).isEmpty();
        assertThat(roster.wanted().plans()).hasSize(2);
        write("{}");
        assertThat(follow(roster)).isEmpty();
        assertThat(roster.wanted().plans()).isEmpty();
    }

    @Test
    void put_fileIsGone_writesItAnew() throws Exception {
        write("door: test:street\n");
        var roster = roster();
        Files.delete(file());

        roster.put(entry(YARD, "test:still"));

        assertThat(file()).content().contains("door: test:street", "yard: test:still");
    }

    @Test
    void model_ofItsOwn_changesNothingOfHowACameraIsRead() throws Exception {
        write("door: {source: 'test:still', model: night}\nyard: {source: 'test:still', fps: 2}\n");
        var roster = roster();
        var door = requireNonNull(roster.wanted().plans().get(DOOR));
        assertThat(door.model()).isEqualTo("night");
        assertThat(door.reading()).isEqualTo(SourceConfig.defaults());
        assertThat(requireNonNull(roster.wanted().plans().get(YARD)).model()).isEmpty();

        roster.put(new CameraEntry(DOOR, "test:still", Map.of("model", "day.v2"), false));

        var changed = requireNonNull(roster.wanted().plans().get(DOOR));
        assertThat(changed.model()).isEqualTo("day.v2");
        assertThat(changed.isReadAs(door)).isTrue();
        assertThat(file()).content().contains("model: day.v2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../models/night", "/tmp/night", "night/", ".night", "a b", "n\u00e4cht"})
    void model_thatIsNoName_isRefused(String model) {
        assertThatThrownBy(() -> new CameraEntry(DOOR, "test:still", Map.of("model", model), false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("model '" + model + "' is malformed: use the name of a model in the predictors' models"
                        + " folder, as 'framecast models' lists them, or of a baseline");
    }

    @Test
    void model_thatCannotRun_isRefused_andItsCameraStaysAsItWas() throws Exception {
        write("door: test:still\n");
        var roster = new CameraRoster(
                List.of(), SourceConfig.defaults(), Optional.of(new CamerasFile(file())), CameraRosterTest::refuse);
        assertThat(roster.refresh()).isEmpty();
        write("door: {source: 'test:still', model: nowhere}\nyard: test:still\n");
        assertThat(follow(roster))
                .containsExactly("cameras file '" + file() + "', camera 'door': model 'nowhere' is unknown");
        assertThat(requireNonNull(roster.wanted().plans().get(DOOR)).model()).isEmpty();
        assertThat(roster.wanted().plans()).containsKey(YARD);
        assertThatThrownBy(() -> roster.put(new CameraEntry(YARD, "test:still", Map.of("model", "nowhere"), false)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("model 'nowhere' is unknown");
        assertThat(requireNonNull(roster.wanted().plans().get(YARD)).model()).isEmpty();
    }

    private static void refuse(String model) {
        throw new IllegalArgumentException("model '" + model + "' is unknown");
    }

    @Test
    void source_tooLong_isRefused() {
        var source = "rtsp://h/" + "x".repeat(2000);

        assertThatThrownBy(() -> entry(DOOR, source)).hasMessageContaining("it may have 2000");
    }

    @Test
    void problem_ofAnAddressForAnId_showsNoPassword() throws Exception {
        write("rtsp://user:secret@192.0.2.1/x: 5\n");
        var roster = new CameraRoster(List.of(), SourceConfig.defaults(), Optional.of(new CamerasFile(file())));

        assertThat(roster.refresh())
                .singleElement()
                .asString()
                .contains("without an id")
                .doesNotContain("secret");
    }

    @Test
    void put_fileHasErrors_changesNothing() throws Exception {
        var roster = roster();
        roster.put(entry(YARD, "test:street"));
        write("yard: [\n");
        assertThat(follow(roster)).hasSize(1);

        assertThatThrownBy(() -> roster.put(entry(DOOR, "test:street")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is no YAML");
        assertThat(file()).hasContent("yard: [\n");
    }

    @Test
    void put_cameraOfTheCommandLine_isRefused() {
        var roster = roster("door=test:street");

        assertThatThrownBy(() -> roster.put(entry(DOOR, "test:still")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("command line");
        assertThatThrownBy(() -> roster.remove(DOOR)).isInstanceOf(IllegalStateException.class);
        assertThat(file()).doesNotExist();
    }

    @Test
    void put_oneTooMany_isRefused() throws Exception {
        var text = new StringBuilder();
        for (int i = 0; i < CameraRoster.MOST_CAMERAS; i++) {
            text.append("c").append(i).append(": test:street\n");
        }
        write(text.toString());
        var roster = roster();

        assertThatThrownBy(() -> roster.put(entry(DOOR, "test:street")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("1000");
        write(text + "zz: test:street\n");
        assertThat(follow(roster)).singleElement().asString().contains("'zz'", "1000");
    }

    @Test
    void withoutFile_nothingCanChange() {
        var roster = new CameraRoster(List.of(), SourceConfig.defaults(), Optional.empty());

        assertThat(roster.canChange()).isFalse();
        assertThat(roster.refresh()).isEmpty();
        assertThatThrownBy(() -> roster.put(entry(DOOR, "test:street"))).isInstanceOf(IllegalStateException.class);
    }
}
