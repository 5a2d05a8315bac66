package io.framecast.worker;

import io.framecast.topic.BrokerException;
import io.framecast.topic.KafkaFailure;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidSessionTimeoutException;
import org.apache.kafka.common.errors.InvalidTxnTimeoutException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.protocol.Errors;

/** What a failure of Kafka's means for a worker. */
final class Failures {
    private Failures() {}

    /** Whether another worker has taken the transactional id. */
    static boolean isFenced(Throwable failure) {
        return anyCause(
                        failure,
                        cause -> cause instanceof ProducerFencedException
                                || cause instanceof InvalidProducerEpochException)
                .isPresent();
    }

    /**
     * What trying again cannot mend, in a sentence.
     *
     * @param deniedForNow whether a denied topic may be allowed again
     */
    static Optional<BrokerException> fatal(KafkaException failure, String group, boolean deniedForNow) {
        return anyCause(failure, cause -> isFatal(cause, deniedForNow))
                .map(cause -> new BrokerException(BrokerException.Reason.REFUSED, sentence(cause, group), failure));
    }

    private static boolean isFatal(Throwable cause, boolean deniedForNow) {
        return cause instanceof UnsupportedVersionException
                || cause instanceof AuthenticationException
                || isSetting(cause)
                || (cause instanceof AuthorizationException
                        && !(deniedForNow && cause instanceof TopicAuthorizationException));
    }

    /** Whether a broker refuses a client's setting; a producer that is told so only passes on the words. */
    private static boolean isSetting(Throwable cause) {
        return cause instanceof InvalidSessionTimeoutException
                || cause instanceof InvalidTxnTimeoutException
                || String.valueOf(cause.getMessage()).contains(Errors.INVALID_TRANSACTION_TIMEOUT.message());
    }

    private static String sentence(Throwable cause, String group) {
        String said = String.valueOf(cause.getMessage()).lines().findFirst().orElse("no reason given");
        if (cause instanceof UnsupportedVersionException) {
            return "Kafka is too old for group " + group + " (" + said + "): " + KafkaFailure.TOO_OLD.wayOut();
        }
        if (cause instanceof AuthenticationException) {
            return "Kafka refuses the login of group " + group + " (" + said + "): "
                    + KafkaFailure.of(cause).wayOut();
        }
        if (isSetting(cause)) {
            return "Kafka refuses a client property of group " + group + " (" + said + "): "
                    + KafkaFailure.TIMEOUTS.wayOut();
        }
        return "Kafka denies group " + group + " what it needs (" + said
                + "): grant READ on the group and its input topics, WRITE on its output topics and its transactional"
                + " ids, as 'framecast topics acls' prints it; an embedded broker denies WRITE while its disk is full";
    }

    private static Optional<Throwable> anyCause(Throwable failure, Predicate<Throwable> test) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (test.test(cause)) {
                return Optional.of(cause);
            }
        }
        return Optional.empty();
    }
}
