package io.framecast.preview.http;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The newest encoding under each key, made once however many viewers ask for it. */
final class EncodedOnce<K> {
    private final ConcurrentHashMap<K, Encoding> encodings = new ConcurrentHashMap<>();
    private final int most;

    /** @param most how many keys it keeps; with more it starts anew */
    EncodedOnce(int most) {
        this.most = most;
    }

    /** The bytes of {@code source}: those made before if it is the very same, otherwise made now and kept. */
    byte[] of(K key, Object source, Supplier<byte[]> encode) {
        if (encodings.size() >= most && !encodings.containsKey(key)) {
            encodings.clear();
        }
        return encodings.compute(key, (same, kept) -> isOf(source, kept) ? kept : new Encoding(source, encode.get()))
                .bytes;
    }

    private static boolean isOf(Object source, @Nullable Encoding kept) {
        return kept != null && kept.source == source;
    }

    private static final class Encoding {
        private final Object source;
        private final byte[] bytes;

        Encoding(Object source, byte[] bytes) {
            this.source = source;
            this.bytes = bytes;
        }
    }
}
