package io.framecast.source;

/** How an RTSP server is asked to send its pictures. */
public enum RtspTransport {
    /** Inside the RTSP connection, or as datagrams where the server refuses that. */
    AUTO,
    /** Inside the RTSP connection: no loss, passes firewalls. */
    TCP,
    /** As RTP datagrams next to the RTSP connection. */
    UDP
}
