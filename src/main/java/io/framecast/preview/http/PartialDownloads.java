package io.framecast.preview.http;

import io.framecast.frame.Ticker;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is being fetched in parts. A player that gets a clip range by range must get all of them from one clip, though a
 * newer forecast comes twice a second; so what was once given in part is given on for a while. Safe for any number of
 * threads.
 */
final class PartialDownloads {
    /** A clip is a few hundred kilobytes: by then a player has it. */
    static final Duration HELD = Duration.ofSeconds(10);

    private static final int MOST = 32;

    private final Map<String, Held> held = new LinkedHashMap<>();
    private final Ticker ticker;

    PartialDownloads(Ticker ticker) {
        this.ticker = ticker;
    }

    private record Held(Reply reply, long since) {}

    /**
     * The reply of which a part is to be given.
     *
     * @param address what is asked for
     * @param newest what there is now
     */
    synchronized Reply choose(String address, Conditions conditions, Reply newest) {
        held.values().removeIf(old -> ticker.since(old.since()).compareTo(HELD) > 0);
        var begun = held.get(address);
        boolean another = begun != null
                && conditions.partsTag().isPresent()
                && !conditions.partsTag().equals(begun.reply().tag());
        if (begun != null && !another) {
            return begun.reply();
        }
        if (!another && newest.tag().isPresent()) {
            if (held.size() >= MOST) {
                held.remove(held.keySet().iterator().next());
            }
            held.put(address, new Held(newest, ticker.nanos()));
        }
        return newest;
    }
}
