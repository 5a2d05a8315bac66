package io.framecast.topic.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.framecast.topic.BrokerException;
import io.framecast.topic.KafkaConnection;
import io.framecast.topic.TopicAdmin;
import io.framecast.topic.TopicKind;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.server.policy.CreateTopicPolicy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Topics on a cluster that does not take every setting. */
class TopicPolicyIT {
    @TempDir
    static Path folder;

    private static TestBroker broker;

    /** What a cluster forbids, by the topics' prefix. */
    public static final class Policy implements CreateTopicPolicy {
        @Override
        public void configure(Map<String, ?> configs) {
            // Nothing to configure.
        }

        @Override
        public void validate(RequestMetadata topic) {
            String prefix = topic.topic().substring(0, topic.topic().indexOf('.'));
            boolean isRefused = switch (prefix) {
                case "named", "unnamed" -> topic.configs().containsKey("message.timestamp.after.max.ms");
                case "misleading" -> topic.configs().containsKey("segment.bytes");
                case "several" ->
                    topic.configs().containsKey("segment.bytes")
                            || topic.configs().containsKey("max.message.bytes");
                case "small" -> true;
                default -> false;
            };
            if (isRefused) {
                throw new PolicyViolationException(
                        switch (prefix) {
                            case "named" -> "message.timestamp.after.max.ms must not be set";
                            case "misleading" -> "only retention.ms and cleanup.policy may be set";
                            case "several" -> "segment.bytes and max.message.bytes must not be set";
                            default -> "not in this house";
                        });
            }
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }

    @BeforeAll
    static void start() throws Exception {
        broker = TestBroker.start(folder, Map.of("create.topic.policy.class.name", Policy.class.getName()));
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static TopicAdmin topics(String prefix) {
        return new TopicAdmin(new KafkaConnection(broker.bootstrap(), prefix, Map.of()));
    }

    @Test
    void create_settingThatThePolicyNames_isLeftOutWithOneWarning() {
        var created = topics("named").create(Optional.empty());
        assertThat(created.topics()).hasSize(TopicKind.values().length);
        assertThat(created.leftOut())
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .startsWith("topic setting 'message.timestamp.after.max.ms' is left out of named.frames.v1, ")
                        .doesNotContain("named.cameras.v1")
                        .endsWith("must not be set"));
        assertThat(topics("named").create(Optional.empty()).leftOut())
                .as("again")
                .isEmpty();
    }

    @Test
    void create_settingThatThePolicyDoesNotName_isFound() {
        assertThat(topics("unnamed").create(Optional.empty()).leftOut())
                .singleElement()
                .satisfies(line -> assertThat(line).startsWith("topic setting 'message.timestamp.after.max.ms'"));
    }

    @Test
    void create_policyThatNamesWhatIsAllowed_losesOnlyWhatIsNot() {
        assertThat(topics("misleading").create(Optional.empty()).leftOut())
                .singleElement()
                .satisfies(line -> assertThat(line).startsWith("topic setting 'segment.bytes'"));
    }

    @Test
    void create_severalSettingsForbidden_areAllLeftOut() {
        var created = topics("several").create(Optional.empty());
        assertThat(created.topics()).hasSize(TopicKind.values().length);
        assertThat(created.leftOut())
                .hasSize(2)
                .anyMatch(line -> line.startsWith("topic setting 'segment.bytes'"))
                .anyMatch(line -> line.startsWith("topic setting 'max.message.bytes'"));
    }

    @Test
    void create_topicThatIsRefusedWhateverItsSettings_isOneLine() {
        assertThatThrownBy(() -> topics("small").create(Optional.empty()))
                .isInstanceOf(BrokerException.class)
                .hasMessageContaining("cannot create topic small.frames.v1")
                .hasMessageContaining("not in this house")
                .hasMessageNotContaining("--replication");
    }

    @Test
    void create_moreReplicasThanBrokers_namesTheOption() {
        assertThatThrownBy(() -> topics("replicated").create(Optional.of((short) 3)))
                .isInstanceOf(BrokerException.class)
                .hasMessageContaining("--replication");
    }
}
