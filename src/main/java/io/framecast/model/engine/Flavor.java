package io.framecast.model.engine;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a build of libtorch computes on, in PyTorch's own words: {@code cpu}, or {@code cu} and a version of CUDA, as
 * {@code cu128} for 12.8, or {@code cu12x} where nothing tells the minor version; with {@code -precxx11} if it was
 * compiled for the C++ ABI from before C++11.
 */
record Flavor(String name) {
    static final Flavor CPU = new Flavor("cpu");
    private static final String OLD_ABI = "-precxx11";
    private static final Pattern CUDA = Pattern.compile("cu(\\d+)[\\dx](" + OLD_ABI + ")?");

    /** The same for the old C++ ABI. */
    Flavor withOldAbi() {
        return new Flavor(name + OLD_ABI);
    }

    boolean isOldAbi() {
        return name.endsWith(OLD_ABI);
    }

    boolean isCuda() {
        return cuda().matches();
    }

    /** The major version of CUDA, or 0 for a build without. */
    int cudaMajor() {
        Matcher cuda = cuda();
        return cuda.matches() ? Integer.parseInt(cuda.group(1)) : 0;
    }

    private Matcher cuda() {
        return CUDA.matcher(name);
    }

    @Override
    public String toString() {
        return name;
    }
}
