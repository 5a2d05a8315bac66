package io.framecast.topic;

import com.google.protobuf.InvalidProtocolBufferException;
import io.framecast.score.ForecastScore;
import io.framecast.score.StepScore;
import io.framecast.topic.proto.Score;

/** Scores as records of the scores topic. */
public final class ScoreCodec {
    private ScoreCodec() {}

    /** The record's value; a step whose real frame was dropped has no number (NaN) in every list. */
    public static byte[] encode(ForecastScore score) {
        Score.Builder record = Score.newBuilder()
                .setForecastId(score.forecastId())
                .setCamera(score.origin().camera().value())
                .setOriginTimeUs(Micros.of(score.origin().time()))
                .setSurprise((float) score.surprise());
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
