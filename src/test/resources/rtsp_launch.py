#!/usr/bin/python3
"""A real RTSP server for tests: whatever a GStreamer launch line makes, at /live, by one transport only.

usage: rtsp_launch.py PORT TCP|UDP LAUNCH_LINE

Prints "ready" once it listens.
"""
import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer

Gst.init(None)
server = GstRtspServer.RTSPServer.new()
server.set_service(sys.argv[1])
factory = GstRtspServer.RTSPMediaFactory.new()
factory.set_shared(True)
factory.set_launch(sys.argv[3])
factory.set_protocols(getattr(GstRtsp.RTSPLowerTrans, sys.argv[2]))
server.get_mount_points().add_factory("/live", factory)
server.attach(None)
print("ready", flush=True)
GLib.MainLoop().run()
