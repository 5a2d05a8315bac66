import io.framecast.forecast.Forecast;
import io.framecast.forecast.Forecaster;
import io.framecast.model.ModelFolder;
import io.framecast.model.NetworkForecaster;
import io.framecast.model.engine.ComputeDevice;
import io.framecast.model.engine.EngineConfig;
import io.framecast.model.engine.Precision;
import io.framecast.predict.SlidingWindow;
import io.framecast.source.FrameSource;
import io.framecast.source.SourceConfig;
import io.framecast.source.SourceSpec;
import io.framecast.source.reader.FrameSources;
import java.nio.file.Path;
import java.util.List;

/**
 * Framecast as a library: reads a camera and forecasts it, without Kafka.
 *
 * <pre>java -cp 'framecast-VERSION/lib/*' ForecastACamera.java door=test:street framecast-VERSION/models</pre>
 */
public final class ForecastACamera {
    public static void main(String[] args) {
        FrameSource camera = FrameSources.open(
                SourceSpec.parse(args[0]), SourceConfig.defaults().withFps(10));
        ModelFolder folder = ModelFolder.find(Path.of(args[1]), "flow-lstm");
        ComputeDevice device = ComputeDevice.choose(EngineConfig.defaults());
        try (Forecaster model = NetworkForecaster.load(folder, device, Precision.AUTO)) {
            var window = new SlidingWindow( // a forecast after every fifth frame
                    camera.camera(), model.contextLength(), 5, model.leastContextLength());
            camera.frames()
                    .doOnNext(window::add)
                    .flatMapIterable(frame -> window.due().stream().toList())
                    .map(newest -> model.forecast(List.of(newest)).get(0))
                    .take(3)
                    .doOnNext(ForecastACamera::print)
                    .blockLast();
        }
    }

    private static void print(Forecast forecast) {
        System.out.println(forecast.id() + ": " + forecast.frames().size() + " frames of " + forecast.shape()
                + ", the last for " + forecast.forTime(31));
    }
}
