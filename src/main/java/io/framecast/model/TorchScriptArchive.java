package io.framecast.model;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a TorchScript module without parameters from its source: a zip of uncompressed entries, holding the module's
 * state as a pickle, its methods as text, no constants, and the format's version.
 */
final class TorchScriptArchive {
    /** Pickle protocol 2 of an empty tuple. */
    private static final byte[] NO_CONSTANTS = {(byte) 0x80, 2, ')', '.'};

    private TorchScriptArchive() {}

    /**
     * Writes an archive.
     *
     * @param file where to; its name without extension becomes the archive's
     * @param module the name of the module's class
     * @param methods TorchScript functions whose first parameter is {@code self}; comments are allowed
     */
    static void write(Path file, String module, String methods) throws IOException {
        String name = file.getFileName().toString().replaceFirst("\\.pt$", "");
        try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
            put(zip, name + "/data.pkl", pickle(module));
            put(zip, name + "/code/__torch__.py", source(module, methods).getBytes(StandardCharsets.UTF_8));
            put(zip, name + "/constants.pkl", NO_CONSTANTS);
            put(zip, name + "/version", "3\n".getBytes(StandardCharsets.UTF_8));
        }
    }

    /** The class, whose attributes are those of {@link #pickle}. */
    private static String source(String module, String methods) {
        String attributes = "__parameters__ = []\n__buffers__ = []\ntraining : bool\n";
        return "class " + module + "(Module):\n" + (attributes + methods).indent(2);
    }

    /** A module of the class with the one attribute {@code training = True}. */
    private static byte[] pickle(String module) throws IOException {
        var out = new ByteArrayOutputStream();
        out.write(new byte[] {(byte) 0x80, 2, 'c'});
        out.write(("__torch__\n" + module + "\n").getBytes(StandardCharsets.UTF_8));
        out.write(new byte[] {')', (byte) 0x81, '}', 'X', 8, 0, 0, 0});
        out.write("training".getBytes(StandardCharsets.UTF_8));
        out.write(new byte[] {(byte) 0x88, 's', 'b', '.'});
        return out.toByteArray();
    }

    private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
        var checksum = new CRC32();
        checksum.update(content);
        var entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(checksum.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
