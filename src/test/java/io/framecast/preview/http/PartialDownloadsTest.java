package io.framecast.preview.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PartialDownloadsTest {
    private long nanos;
    private final PartialDownloads downloads = new PartialDownloads(() -> nanos);

    private static Reply clip(int number) {
        return Reply.fixed("video/mp4", new byte[] {(byte) number});
    }

    private static Conditions noConditions() {
        return Conditions.of(new DefaultHttpHeaders(), true);
    }

    @Test
    void choose_newerOne_comesOnlyAfterAWhile() {
        var first = clip(1);
        var second = clip(2);

        assertThat(downloads.choose("a", noConditions(), first)).isSameAs(first);
        nanos += PartialDownloads.HELD.toNanos();
        assertThat(downloads.choose("a", noConditions(), second)).isSameAs(first);
        nanos += Duration.ofMillis(1).toNanos();
        assertThat(downloads.choose("a", noConditions(), second)).isSameAs(second);
    }

    @Test
    void choose_otherAddress_isNotHeld() {
        downloads.choose("a", noConditions(), clip(1));
        var other = clip(2);

        assertThat(downloads.choose("b", noConditions(), other)).isSameAs(other);
    }

    @Test
    void choose_manyAddresses_oldestAreGivenUp() {
        for (int i = 0; i < 1000; i++) {
            downloads.choose("a" + i, noConditions(), clip(1));
        }
        var newest = clip(2);

        assertThat(downloads.choose("a999", noConditions(), newest)).isNotSameAs(newest);
        assertThat(downloads.choose("a0", noConditions(), newest)).isSameAs(newest);
    }
}
