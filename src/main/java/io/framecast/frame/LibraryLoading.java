package io.framecast.frame;

/**
 * The lock that code holds while it loads native libraries through JavaCPP. {@code motion.OpticalFlow} switches the
 * loading off for a moment, and that switch holds for the whole process.
 */
public final class LibraryLoading {
    /** Not the lock of the system properties: the JDK takes that one while it loads a library. */
    public static final Object LOCK = new Object();

    private LibraryLoading() {}
}
