package io.framecast.topic.broker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.apache.kafka.common.Endpoint;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.server.authorizer.AclCreateResult;
import org.apache.kafka.server.authorizer.AclDeleteResult;
import org.apache.kafka.server.authorizer.Action;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;
import org.apache.kafka.server.authorizer.AuthorizationResult;
import org.apache.kafka.server.authorizer.Authorizer;
import org.apache.kafka.server.authorizer.AuthorizerServerInfo;

/**
 * Lets an embedded broker write to topics only while its disk has room. A broker that fills its disk fails for good;
 * one that refuses records can go on when there is space again. Kafka makes it by its name; everything else is allowed,
 * because an embedded broker listens on loopback only.
 */
public final class SpaceGuard implements Authorizer {
    /** Left for what the broker itself must write: offsets, transactions, metadata. */
    static final long RESERVE = 64L << 20;

    private static final long CHECK_NANOS = 200_000_000;

    private Path directory = Path.of("");
    private volatile boolean low;
    private volatile long checked = System.nanoTime() - CHECK_NANOS;

    /** How many bytes are left where a broker keeps its log, if that is too little to write records. */
    static Optional<Long> shortage(Path directory) {
        try {
            long usable = Files.getFileStore(directory).getUsableSpace();
            return usable < RESERVE ? Optional.of(usable) : Optional.empty();
        } catch (IOException e) {
            return Optional.of(0L);
        }
    }

    @Override
    public void configure(Map<String, ?> configs) {
        directory = Path.of(String.valueOf(configs.get("log.dirs")));
    }

    @Override
    public Map<Endpoint, ? extends CompletionStage<Void>> start(AuthorizerServerInfo server) {
        return server.endpoints().stream()
                .collect(Collectors.toMap(endpoint -> endpoint, endpoint -> CompletableFuture.completedFuture(null)));
    }

    @Override
    public List<AuthorizationResult> authorize(AuthorizableRequestContext context, List<Action> actions) {
        return actions.stream().map(this::authorize).toList();
    }

    private AuthorizationResult authorize(Action action) {
        boolean writes = action.operation() == AclOperation.WRITE
                && action.resourcePattern().resourceType() == ResourceType.TOPIC;
        return writes && isLow() ? AuthorizationResult.DENIED : AuthorizationResult.ALLOWED;
    }

    private boolean isLow() {
        if (System.nanoTime() - checked > CHECK_NANOS) {
            low = shortage(directory).isPresent();
            checked = System.nanoTime();
        }
        return low;
    }

    @Override
    public AuthorizationResult authorizeByResourceType(
            AuthorizableRequestContext context, AclOperation operation, ResourceType type) {
        return AuthorizationResult.ALLOWED;
    }

    @Override
    public List<? extends CompletionStage<AclCreateResult>> createAcls(
            AuthorizableRequestContext context, List<AclBinding> bindings) {
        return bindings.stream()
                .map(binding -> CompletableFuture.completedFuture(new AclCreateResult(noAcls())))
                .toList();
    }

    @Override
    public List<? extends CompletionStage<AclDeleteResult>> deleteAcls(
            AuthorizableRequestContext context, List<AclBindingFilter> filters) {
        return filters.stream()
                .map(filter -> CompletableFuture.completedFuture(new AclDeleteResult(noAcls())))
                .toList();
    }

    private static InvalidRequestException noAcls() {
        return new InvalidRequestException("an embedded broker has no access rules");
    }

    @Override
    public Collection<AclBinding> acls(AclBindingFilter filter) {
        return List.of();
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
