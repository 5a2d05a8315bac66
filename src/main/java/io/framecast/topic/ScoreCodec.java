package io.framecast.topic;

import com.google.protobuf.InvalidProtocolBufferException;
import io.framecast.forecast.ForecastScore;
import io.framecast.forecast.Origin;
import io.framecast.forecast.RecentErrors;
import io.framecast.forecast.StepScore;
import io.framecast.frame.CameraId;
import io.framecast.topic.proto.Score;
import java.util.ArrayList;
import java.util.List;

/** Scores as records of the scores topic. */
public final class ScoreCodec {
    private ScoreCodec() {}

    /** The record's value; a step whose real frame was dropped is NaN in every list. */
    public static byte[] encode(ForecastScore score) {
        Score.Builder record = Score.newBuilder()
                .setForecastId(score.forecastId())
                .setCamera(score.origin().camera().value())
                .setOriginTimeUs(Micros.of(score.origin().time()))
                .setSurprise((float) score.surprise());
        score.recent().expected().forEach(mean -> record.addRecentExpectedMse(mean.floatValue()));
        score.recent().real().forEach(mean -> record.addRecentMse(mean.floatValue()));
        for (StepScore step : score.steps()) {
            record.addMse((float) step.mse())
                    .addPsnr((float) step.psnr())
                    .addSsim((float) step.ssim())
                    .addPersistenceMse((float) step.persistenceMse())
                    .addPersistencePsnr((float) step.persistencePsnr())
                    .addPersistenceSsim((float) step.persistenceSsim())
                    .addSkill((float) step.skill());
        }
        return record.build().toByteArray();
    }

    /**
     * The score of a record's value.
     *
     * @throws MalformedRecordException if the bytes are no score, or one that contradicts itself
     */
    public static ForecastScore score(byte[] value) throws MalformedRecordException {
        Score record = decode(value);
        // camera/epoch/sequence/model
        String[] name = record.getForecastId().split("/", 4);
        if (name.length < 4) {
            throw new MalformedRecordException(
                    "score of \"" + record.getForecastId() + "\", which is no forecast's id", null);
        }
        var steps = new ArrayList<StepScore>();
        try {
            for (int step = 0; step < record.getMseCount(); step++) {
                steps.add(new StepScore(
                        record.getMse(step),
                        record.getPsnr(step),
                        record.getSsim(step),
                        record.getPersistenceMse(step),
                        record.getPersistencePsnr(step),
                        record.getPersistenceSsim(step)));
            }
            var origin = new Origin(
                    new CameraId(record.getCamera()),
                    Long.parseLong(name[1]),
                    Long.parseLong(name[2]),
                    Micros.toInstant(record.getOriginTimeUs()));
            return new ForecastScore(
                    record.getForecastId(),
                    origin,
                    steps,
                    record.getSurprise(),
                    new RecentErrors(doubles(record.getRecentExpectedMseList()), doubles(record.getRecentMseList())));
        } catch (IllegalArgumentException | IndexOutOfBoundsException | ArithmeticException e) {
            throw new MalformedRecordException(String.valueOf(e.getMessage()), e);
        }
    }

    private static List<Double> doubles(List<Float> values) {
        return values.stream().map(Float::doubleValue).toList();
    }

    /**
     * The record of a value.
     *
     * @throws MalformedRecordException if the bytes are no score
     */
    public static Score decode(byte[] value) throws MalformedRecordException {
        try {
            return Score.parseFrom(value);
        } catch (InvalidProtocolBufferException e) {
            throw new MalformedRecordException("no Protobuf of a score: " + e.getMessage(), e);
        }
    }
}
