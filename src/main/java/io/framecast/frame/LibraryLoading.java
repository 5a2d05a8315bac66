package io.framecast.frame;

/**
 * Held by whoever loads native libraries through JavaCPP: {@code motion.OpticalFlow} tells JavaCPP for a moment to
 * leave libraries out, which holds for the whole process.
 */
public final class LibraryLoading {
    /** One of our own: the JDK takes that of the system properties while it loads a library. */
    public static final Object LOCK = new Object();

    private LibraryLoading() {}
}
