package io.framecast.topic;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaFuture;

/** Waits for what a cluster answers to an administrator's question, and says in one line why it refused. */
final class AdminAnswer {
    private static final int SECONDS = 30;

    private AdminAnswer() {}

    /**
     * The answer.
     *
     * @throws ExecutionException with the cluster's reason, or if there is no answer in 30 seconds
     */
    static <T> T of(KafkaFuture<T> future) throws ExecutionException {
        try {
            return future.get(SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new ExecutionException("no answer in " + SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ExecutionException("interrupted", e);
        }
    }

    /**
     * The failure to show.
     *
     * @param what could not be done
     */
    static BrokerException refused(KafkaConnection connection, String what, ExecutionException e) {
        return new BrokerException(
                BrokerException.Reason.REFUSED,
                what + " on " + connection + ": " + reason(e) + "; "
                        + KafkaFailure.of(e).wayOut(),
                e);
    }

    /** Why, in the cluster's words, on one line. */
    static String reason(ExecutionException e) {
        return String.valueOf(cause(e).getMessage()).lines().findFirst().orElse("no reason given");
    }

    private static Throwable cause(ExecutionException e) {
        return e.getCause() == null ? e : e.getCause();
    }
}
