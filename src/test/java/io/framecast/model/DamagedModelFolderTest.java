package io.framecast.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import io.framecast.frame.FrameShape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Model folders that someone made, or that were damaged on the way: what they ask for is compared before it is given.
 */
class DamagedModelFolderTest {
    private static final String ARRAY = "03decoder_05Deconv2d_bias";
    private static final int HEADER = 128;

    @TempDir
    Path folder;

    @BeforeEach
    void writeModel() {
        var description = ModelDescription.builder("small", "deconv-lstm", 5, new FrameShape(16, 16, 3))
                .date("2026-01-01")
                .hyperParameters(Map.of("filters", List.of(4, 8), "hidden", 8))
                .build();
        try (var torch = Torch.open();
                var manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            ModelFolder.write(folder, description, ModelFolder.build(description, torch, manager));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hidden: 8| hidden: 4096| million weights, more than 128 million",
                "hidden: 8| hidden: 4096| hidden=4096",
                "hidden: 8| hidden: 512| ask for (512,",
                "hidden: 8| hidden: 4097| hyper-parameter hidden is '4097': it must be a whole number from 1 to 4096",
                "hidden: 8| hidden: -8| hyper-parameter hidden is '-8'",
                "hidden: 8| hidden: 8.5| hyper-parameter hidden is '8.5'",
                "hidden: 8| hidden: 99999999999| hyper-parameter hidden is '99999999999'",
                "hidden: 8| hidden: ~| hyper-parameter hidden is 'nothing'",
                "hidden: 8| hidden: 8\\n  hidden: 9| Duplicate field 'hidden'",
                "hidden: 8| cells: 1000000| hyper-parameter cells is '1000000'",
                "- 4\\n  - 8| - 4\\n  - 8\\n  - 8\\n  - 8\\n  - 8\\n  - 8| cannot be halved 5 times",
                "- 4\\n  - 8| - 4096\\n  - 4096| more than 128 million",
                "contextLength: 5| contextLength: 1000000000| contextLength 1000000000 is outside 1 to 256",
                "contextLength: 5| contextLength: 10000000000| out of range of int",
                "contextLength: 5| contextLength: -1| contextLength -1 is outside 1 to 256",
                "contextLength: 5| contextLength: 5.5| 5.5",
                "contextLength: 5| contextLength: 5\\nleastContextLength: 6| leastContextLength 6 is outside 1 to contextLength",
                "contextLength: 5| contextLength: 5\\nleastContextLength: 0| leastContextLength 0 is outside 1 to contextLength",
                "contextLength: 5| contextLength: 5\\nleastContextLength: 4| too short for architecture deconv-lstm, which needs 5",
                "contextLength: 5| contextLength: 5\\nhorizon: 1000000000| horizon",
                "- 16\\n- 16\\n- 3| - 16384\\n- 16384\\n- 3| shape [16384, 16384, 3] is out of range",
                "- 16\\n- 16\\n- 3| - 16\\n- 16\\n- 1| shape [16, 16, 1] is out of range",
                "- 16\\n- 16\\n- 3| - 16\\n- \\n- 3| shape [16, null, 3] is not",
            })
    void load_descriptionThatAsksForTooMuch_namesTheValueBeforeAnythingIsGiven(
            String sound, String damaged, String expected) throws IOException {
        Path file = folder.resolve("model.yaml");
        String text = Files.readString(file);
        String changed = text.replace(sound.replace("\\n", "\n"), damaged.replace("\\n", "\n"));
        assertThat(changed).isNotEqualTo(text);
        Files.writeString(file, changed);

        assertRefused(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "(3,)| (900000000,)| has shape (900000000), the hyper-parameters in model.yaml ask for (3)",
                "(3,)| (3, 900000000)| has shape (3,900000000)",
                "(3,)| (99999999999999999999,)| tells no shape",
                "(3,)| ()| tells no shape",
                "<f2| <i2| is not of float16 ('<f2') in C order",
                "<f2| >f2| is not of float16",
                "<f2| <f4| is not of float16",
                "<f2| O8| is not of float16",
                "False| True| in C order",
            })
    void load_headerThatTellsSomethingElse_isRefused(String sound, String damaged, String expected) throws IOException {
        Map<String, byte[]> arrays = arrays();
        arrays.computeIfPresent(ARRAY + ".npy", (name, bytes) -> withHeader(bytes, sound, damaged));
        writeArrays(arrays);

        assertRefused("weights.npz are damaged: array '" + ARRAY + "' ");
        assertRefused(expected);
    }

    @ParameterizedTest
    @CsvSource({"7e00, 1", "7c00, 1", "fc00, 2"})
    void load_valuesThatAreNoNumbers_areNamedAndCounted(String half, int count) throws IOException {
        Map<String, byte[]> arrays = arrays();
        arrays.computeIfPresent(ARRAY + ".npy", (name, bytes) -> {
            var values = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < count; i++) {
                values.putShort(HEADER + 2 * i, (short) Integer.parseInt(half, 16));
            }
            return bytes;
        });
        writeArrays(arrays);

        assertRefused("weights.npz are damaged: array '" + ARRAY + "' has " + count
                + " of 3 values that are NaN or infinite; restore or retrain the model");
    }

    @Test
    void load_arrayWithMoreBehindIt_isRefused() throws IOException {
        Map<String, byte[]> arrays = arrays();
        arrays.computeIfPresent(ARRAY + ".npy", (name, bytes) -> Arrays.copyOf(bytes, bytes.length + 2));
        writeArrays(arrays);

        assertRefused("array '" + ARRAY + "' has 136 bytes, its header tells of 134");
    }

    /** The table of contents, which is read first, tells the size of a sound array; what is there unpacks to more. */
    @Test
    void load_contentsThatUnpackToMoreThanTheTableTells_isRefused() throws IOException {
        byte[] file = Files.readAllBytes(folder.resolve("weights.npz"));
        Map<String, byte[]> arrays = arrays();
        arrays.computeIfPresent(ARRAY + ".npy", (name, bytes) -> Arrays.copyOf(bytes, 64 << 20));
        writeArrays(arrays);
        byte[] bomb = Files.readAllBytes(folder.resolve("weights.npz"));
        assertThat(bomb.length).isLessThan(file.length + (1 << 20));
        int entry = centralEntry(bomb, ARRAY + ".npy");
        ByteBuffer.wrap(bomb).order(ByteOrder.LITTLE_ENDIAN).putInt(entry + 24, HEADER + 6);
        Files.write(folder.resolve("weights.npz"), bomb);

        assertRefused("weights.npz are damaged");
    }

    @Test
    void load_arrayThatIsThereTwice_isRefused() throws IOException {
        Map<String, byte[]> arrays = arrays();
        byte[] array = arrays.get(ARRAY + ".npy");
        assertThat(array).isNotNull();
        arrays.put(ARRAY, array); // numpy takes off the ending
        writeArrays(arrays);

        assertRefused("array '" + ARRAY + "' is there twice");
    }

    private static byte[] withHeader(byte[] bytes, String sound, String damaged) {
        String header = new String(bytes, 0, HEADER, StandardCharsets.ISO_8859_1);
        assertThat(header).contains(sound);
        String changed = header.replace(sound, damaged).replaceFirst(" +\n$", "");
        String padded = changed + " ".repeat(HEADER - 1 - changed.length()) + "\n";
        byte[] all = bytes.clone();
        System.arraycopy(padded.getBytes(StandardCharsets.ISO_8859_1), 0, all, 0, HEADER);
        return all;
    }

    /** Where the table of contents has an entry. */
    private static int centralEntry(byte[] zip, String name) {
        var text = new String(zip, StandardCharsets.ISO_8859_1);
        int at = text.indexOf("PK\u0001\u0002");
        while (!text.startsWith(name, at + 46)) {
            at = text.indexOf("PK\u0001\u0002", at + 4);
            assertThat(at).as(name).isPositive();
        }
        return at;
    }

    private Map<String, byte[]> arrays() throws IOException {
        var arrays = new LinkedHashMap<String, byte[]>();
        try (var zip = new ZipFile(folder.resolve("weights.npz").toFile())) {
            for (ZipEntry entry : zip.stream().map(ZipEntry.class::cast).toList()) {
                arrays.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
            }
        }
        assertThat(arrays.keySet()).contains(ARRAY + ".npy");
        return arrays;
    }

    private void writeArrays(Map<String, byte[]> arrays) throws IOException {
        try (var zip = new ZipOutputStream(Files.newOutputStream(folder.resolve("weights.npz")))) {
            for (Map.Entry<String, byte[]> array : arrays.entrySet()) {
                zip.putNextEntry(new ZipEntry(array.getKey()));
                zip.write(array.getValue());
            }
        }
    }

    private void assertRefused(String expected) {
        try (var torch = Torch.open();
                var manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            assertThatThrownBy(() -> ModelFolder.find(folder, ".").load(torch, manager))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining(expected)
                    .message()
                    .doesNotContain("\n");
        }
    }
}
