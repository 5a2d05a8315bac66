package io.framecast.model.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A graph of ONNX operators (opset 18), built one operator after the other: each method adds a node and returns its
 * result. Letters in shapes: B windows, of which the graph takes any number; C channels; H, W rows and columns.
 *
 * <p>Operators are described in the ONNX specification, "ONNX Operators". Not for use by several threads.
 */
public final class OnnxGraph {
    /** The first in which a scatter can keep the largest of what arrives. */
    private static final int OPSET = 18;

    /** The version of the file format that came with that. */
    private static final int IR_VERSION = 8;

    private static final String BATCH = "batch";

    private final GraphProto.Builder graph;
    private final Map<String, String> metadata;
    private final Map<List<Object>, Value> constants = new HashMap<>();
    private int names;

    /**
     * What an operator gives or takes.
     *
     * @param name unique in its graph
     */
    public record Value(String name) {}

    /** What the elements of a tensor are. */
    public enum ElementType {
        /** A byte, 0 to 255. */
        UINT8(TensorProto.DataType.UINT8),
        FLOAT32(TensorProto.DataType.FLOAT),
        INT64(TensorProto.DataType.INT64);

        private final int number;

        ElementType(TensorProto.DataType type) {
            number = type.getNumber();
        }
    }

    /** A setting of an operator: a whole number, several, a float or a text. */
    public record Attribute(String name, Object value) {}

    /**
     * An empty graph.
     *
     * @param name of what it computes
     * @param metadata kept in the file, by name
     */
    public OnnxGraph(String name, Map<String, String> metadata) {
        graph = GraphProto.newBuilder().setName(name);
        this.metadata = Map.copyOf(metadata);
    }

    /**
     * Adds an input.
     *
     * @param shape without the batch, which comes first and may have any size
     */
    public Value input(String name, ElementType type, long... shape) {
        graph.addInput(batched(name, type, shape));
        return new Value(name);
    }

    /**
     * Makes a value an output.
     *
     * @param shape as of an input
     */
    public void output(String name, Value value, ElementType type, long... shape) {
        graph.addNode(NodeProto.newBuilder()
                .setOpType("Identity")
                .setName(name)
                .addInput(value.name())
                .addOutput(name));
        graph.addOutput(batched(name, type, shape));
    }

    private static ValueInfoProto batched(String name, ElementType type, long... shape) {
        var dimensions = TensorShapeProto.newBuilder()
                .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam(BATCH));
        for (long size : shape) {
            dimensions.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(size));
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(type.number)
                                .setShape(dimensions)))
                .build();
    }

    /** A tensor of that shape with these values. */
    public Value constant(float[] values, long... shape) {
        return constants.computeIfAbsent(List.of(asList(shape), ByteBuffer.wrap(bytes(values))), key -> {
            Value value = fresh("constant");
            graph.addInitializer(tensor(value, shape)
                    .setDataType(ElementType.FLOAT32.number)
                    .setRawData(ByteString.copyFrom(bytes(values))));
            return value;
        });
    }

    /** One number, of no dimension. */
    public Value number(double value) {
        return constant(new float[] {(float) value});
    }

    /** Whole numbers, a list. */
    public Value integers(long... values) {
        return wholeNumbers(values, values.length);
    }

    /** One whole number, of no dimension. */
    private Value integer(long value) {
        return wholeNumbers(new long[] {value});
    }

    private Value wholeNumbers(long[] values, long... shape) {
        return constants.computeIfAbsent(List.of(asList(shape), asList(values)), key -> {
            var data = ByteBuffer.allocate(Long.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
            Arrays.stream(values).forEach(data::putLong);
            Value value = fresh("constant");
            graph.addInitializer(tensor(value, shape)
                    .setDataType(ElementType.INT64.number)
                    .setRawData(ByteString.copyFrom(data.array())));
            return value;
        });
    }

    private static List<Long> asList(long... values) {
        return Arrays.stream(values).boxed().toList();
    }

    private static byte[] bytes(float[] values) {
        var data = ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        data.asFloatBuffer().put(values);
        return data.array();
    }

    private static TensorProto.Builder tensor(Value value, long... shape) {
        return TensorProto.newBuilder().setName(value.name()).addAllDims(asList(shape));
    }

    private Value fresh(String what) {
        names++;
        return new Value(what + names);
    }

    /** The result of an operator that has no settings. */
    public Value of(String operator, Value... inputs) {
        return of(operator, List.of(), inputs);
    }

    /** The result of an operator. */
    public Value of(String operator, List<Attribute> attributes, Value... inputs) {
        return of(operator, 1, attributes, inputs).get(0);
    }

    private List<Value> of(String operator, int outputs, List<Attribute> attributes, Value... inputs) {
        List<Value> results =
                IntStream.range(0, outputs).mapToObj(i -> fresh(operator)).toList();
        graph.addNode(NodeProto.newBuilder()
                .setOpType(operator)
                .setName(results.get(0).name())
                .addAllInput(Arrays.stream(inputs).map(Value::name).toList())
                .addAllOutput(results.stream().map(Value::name).toList())
                .addAllAttribute(attributes.stream().map(OnnxGraph::attribute).toList()));
        return results;
    }

    private static AttributeProto attribute(Attribute attribute) {
        var proto = AttributeProto.newBuilder().setName(attribute.name());
        if (attribute.value() instanceof Long number) {
            return proto.setType(AttributeProto.AttributeType.INT).setI(number).build();
        } else if (attribute.value() instanceof long[] numbers) {
            return proto.setType(AttributeProto.AttributeType.INTS)
                    .addAllInts(asList(numbers))
                    .build();
        } else if (attribute.value() instanceof Float number) {
            return proto.setType(AttributeProto.AttributeType.FLOAT)
                    .setF(number)
                    .build();
        } else if (attribute.value() instanceof String text) {
            return proto.setType(AttributeProto.AttributeType.STRING)
                    .setS(ByteString.copyFromUtf8(text))
                    .build();
        }
        throw new IllegalArgumentException("attribute " + attribute + " has no type of ONNX");
    }

    /** a + b. */
    public Value add(Value a, Value b) {
        return of("Add", a, b);
    }

    /** a + b. */
    public Value add(Value a, double b) {
        return add(a, number(b));
    }

    /** a - b. */
    public Value subtract(Value a, Value b) {
        return of("Sub", a, b);
    }

    /** a b, element by element. */
    public Value multiply(Value a, Value b) {
        return of("Mul", a, b);
    }

    /** a b. */
    public Value multiply(Value a, double b) {
        return multiply(a, number(b));
    }

    /** a / b, element by element. */
    public Value divide(Value a, Value b) {
        return of("Div", a, b);
    }

    /** The values, no lower and no higher than these. */
    public Value clip(Value x, double lowest, double highest) {
        return of("Clip", x, number(lowest), number(highest));
    }

    /** The values, those below 0 multiplied by {@code slope}. */
    public Value leakyRelu(Value x, float slope) {
        return of("LeakyRelu", List.of(new Attribute("alpha", slope)), x);
    }

    /** Values as another type. */
    public Value cast(Value x, ElementType type) {
        return of("Cast", List.of(new Attribute("to", (long) type.number)), x);
    }

    /** Values one behind the other along a dimension. */
    public Value concat(int dimension, Value... values) {
        return values.length == 1 ? values[0] : of("Concat", List.of(new Attribute("axis", (long) dimension)), values);
    }

    /** Values one behind the other along a new dimension. */
    public Value stack(int dimension, List<Value> values) {
        return concat(
                dimension,
                values.stream().map(value -> withDimension(value, dimension)).toArray(Value[]::new));
    }

    /** Equal parts along a dimension. */
    public List<Value> split(int dimension, int parts, Value x) {
        return of(
                "Split",
                parts,
                List.of(new Attribute("axis", (long) dimension), new Attribute("num_outputs", (long) parts)),
                x);
    }

    /** What lies from one place, included, to another, not included, along a dimension; negative ones from the end. */
    public Value slice(Value x, int dimension, long from, long to) {
        return of("Slice", x, integers(from), integers(to), integers(dimension));
    }

    /** What lies from a place on along a dimension. */
    public Value slice(Value x, int dimension, long from) {
        return slice(x, dimension, from, Long.MAX_VALUE);
    }

    /** What lies at a place of a dimension, which is gone then; negative from the end. */
    public Value select(Value x, int dimension, long place) {
        return of("Gather", List.of(new Attribute("axis", (long) dimension)), x, integer(place));
    }

    /** What lies at some places of a dimension. */
    public Value select(Value x, int dimension, int... places) {
        return of(
                "Gather",
                List.of(new Attribute("axis", (long) dimension)),
                x,
                integers(Arrays.stream(places).asLongStream().toArray()));
    }

    /** Another shape: 0 leaves a dimension as it is, and -1, once, takes what is left. */
    public Value reshape(Value x, long... shape) {
        return of("Reshape", x, integers(shape));
    }

    /** With a dimension of size 1 more. */
    public Value withDimension(Value x, int dimension) {
        return of("Unsqueeze", x, integers(dimension));
    }

    /** Repeated along dimensions of size 1; a 1 leaves a dimension as it is. */
    public Value expand(Value x, long... shape) {
        return of("Expand", x, integers(shape));
    }

    /** Dimensions in another order. */
    public Value transpose(Value x, long... order) {
        return of("Transpose", List.of(new Attribute("perm", order)), x);
    }

    /** Mean over dimensions, which keep the size 1. */
    public Value mean(Value x, long... dimensions) {
        return of("ReduceMean", x, integers(dimensions));
    }

    /** Sum over dimensions, which keep the size 1. */
    public Value sum(Value x, long... dimensions) {
        return of("ReduceSum", x, integers(dimensions));
    }

    /** The sum of all values up to each along a dimension. */
    public Value cumulated(Value x, long dimension) {
        return of("CumSum", x, integer(dimension));
    }

    /** Largest over dimensions, which keep the size 1. */
    public Value largest(Value x, long... dimensions) {
        return of("ReduceMax", x, integers(dimensions));
    }

    /** Smallest over dimensions, which keep the size 1. */
    public Value smallest(Value x, long... dimensions) {
        return of("ReduceMin", x, integers(dimensions));
    }

    /**
     * The places of the largest values of each row, the largest first, of equal ones the first: (N, P) to (N, count).
     */
    public Value topPlaces(Value x, long count) {
        return of("TopK", 2, List.of(new Attribute("axis", -1L)), x, integers(count))
                .get(1);
    }

    /** x^2. */
    public Value square(Value x) {
        return multiply(x, x);
    }

    /**
     * Convolution with half the kernel as padding.
     *
     * @param x (N, C, H, W)
     * @param weight (F, C, kernel, kernel)
     * @param bias (F)
     * @param kernel its side, odd
     * @return (N, F, H / stride, W / stride)
     */
    public Value convolution(Value x, Value weight, Value bias, long kernel, int stride) {
        long half = kernel / 2;
        return of(
                "Conv",
                List.of(
                        new Attribute("strides", new long[] {stride, stride}),
                        new Attribute("pads", new long[] {half, half, half, half})),
                x,
                weight,
                bias);
    }

    /**
     * Transposed 3x3 convolution with padding 1.
     *
     * @param x (N, C, H, W)
     * @param weight (C, F, 3, 3)
     * @param bias (F)
     * @return (N, F, stride H, stride W)
     */
    public Value deconvolution(Value x, Value weight, Value bias, int stride) {
        return of(
                "ConvTranspose",
                List.of(
                        new Attribute("strides", new long[] {stride, stride}),
                        new Attribute("pads", new long[] {1, 1, 1, 1}),
                        new Attribute("output_padding", new long[] {stride - 1, stride - 1})),
                x,
                weight,
                bias);
    }

    /** Each pixel in two rows and two columns: (N, C, H, W) to (N, C, 2 H, 2 W). */
    public Value upsample(Value x) {
        return of(
                "Resize",
                List.of(
                        new Attribute("mode", "nearest"),
                        new Attribute("coordinate_transformation_mode", "asymmetric"),
                        new Attribute("nearest_mode", "floor")),
                x,
                new Value(""),
                constant(new float[] {1, 1, 2, 2}, 4));
    }

    /**
     * Reads pictures between their pixels, bilinearly; beyond the border its nearest pixel.
     *
     * @param x (N, C, H, W)
     * @param places (N, H, W, 2): column and row, from -1, the first pixel's middle, to 1, the last one's
     * @return (N, C, H, W)
     */
    public Value sample(Value x, Value places) {
        return of(
                "GridSample",
                List.of(
                        new Attribute("mode", "bilinear"),
                        new Attribute("padding_mode", "border"),
                        new Attribute("align_corners", 1L)),
                x,
                places);
    }

    /**
     * Writes the graph as a model.
     *
     * @throws IOException if the file cannot be written
     */
    public void write(Path file) throws IOException {
        var model = ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .setProducerName("framecast")
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET))
                .setGraph(graph);
        metadata.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> model.addMetadataProps(StringStringEntryProto.newBuilder()
                        .setKey(entry.getKey())
                        .setValue(entry.getValue())));
        try (OutputStream out = Files.newOutputStream(file)) {
            model.build().writeTo(out);
        }
    }
}
