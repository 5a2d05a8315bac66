package io.framecast.topic.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.server.authorizer.Action;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;
import org.apache.kafka.server.authorizer.AuthorizationResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpaceGuardTest {
    private static final Action WRITE = action(AclOperation.WRITE, ResourceType.TOPIC);
    private static final Action READ = action(AclOperation.READ, ResourceType.TOPIC);
    private static final Action COMMIT = action(AclOperation.WRITE, ResourceType.TRANSACTIONAL_ID);

    @TempDir
    Path folder;

    private static Action action(AclOperation operation, ResourceType type) {
        return new Action(operation, new ResourcePattern(type, "any", PatternType.LITERAL), 1, true, true);
    }

    private static List<AuthorizationResult> asked(Path directory) {
        var guard = new SpaceGuard();
        guard.configure(Map.of("log.dirs", directory.toString()));
        var anybody = (AuthorizableRequestContext) Proxy.newProxyInstance(
                SpaceGuardTest.class.getClassLoader(),
                new Class<?>[] {AuthorizableRequestContext.class},
                (proxy, method, arguments) -> {
                    throw new AssertionError("the guard asks nobody's " + method.getName());
                });
        return guard.authorize(anybody, List.of(WRITE, READ, COMMIT));
    }

    @Test
    void diskWithRoom_takesEverything() {
        assertThat(asked(folder)).containsOnly(AuthorizationResult.ALLOWED);
        assertThat(SpaceGuard.shortage(folder)).isEmpty();
    }

    @Test
    void diskOfWhichNothingIsKnown_takesNoRecords_butLetsOthersGoOn() {
        Path gone = folder.resolve("gone");
        assertThat(asked(gone))
                .containsExactly(AuthorizationResult.DENIED, AuthorizationResult.ALLOWED, AuthorizationResult.ALLOWED);
        assertThat(SpaceGuard.shortage(gone)).contains(0L);
    }
}
