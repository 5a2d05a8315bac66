#!/usr/bin/python3
"""A real RTSP server for tests: H.264 at /live, its wall clock drawn into every picture.

usage: rtsp_server.py [--port N] [--user U --password P] [--width W --height H] [--fps N] [--gop N] [--resize-after S]

With --resize-after its pictures have twice the width and height from S seconds after the first on.

Prints "port N" once it listens. The picture is a grid of 8 x 8 fields, black or white: row 0 is white, black, white, ...
(a mark), rows 1 to 6 hold the milliseconds since 1970 in 48 bits, highest first, and row 7 is a bar that moves. Needs
Debian's gir1.2-gst-rtsp-server-1.0, python3-gi and GStreamer's base, good, bad and ugly plugins.
"""
import argparse
import time

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer

arguments = argparse.ArgumentParser()
arguments.add_argument("--port", default="0")
arguments.add_argument("--user", default="")
arguments.add_argument("--password", default="")
arguments.add_argument("--width", type=int, default=320)
arguments.add_argument("--height", type=int, default=240)
arguments.add_argument("--fps", type=int, default=30)
arguments.add_argument("--gop", type=int, default=15)
arguments.add_argument("--resize-after", type=int, default=0)
options = arguments.parse_args()

GRID = 8
BLACK, WHITE = b"\x10", b"\xeb"


def row(fields, width, height):
    line = b"".join((WHITE if field else BLACK) * (width // GRID) for field in fields)
    return line * (height // GRID)


def picture(millis, index):
    bits = [(millis >> (47 - number)) & 1 for number in range(48)]
    rows = [[number % 2 == 0 for number in range(GRID)]]
    rows += [bits[start:start + GRID] for start in range(0, 48, GRID)]
    rows += [[number == index % GRID for number in range(GRID)]]
    luma = b"".join(row(fields, options.width, options.height) for fields in rows)
    return luma + b"\x80" * (options.width * options.height // 2)


def caps(scale):
    return Gst.Caps.from_string(f"video/x-raw,width={options.width * scale},height={options.height * scale}")


class Feed:
    """Gives one media its pictures, each drawn when it is due, so that the clock in it is its capture time."""

    def __init__(self, element):
        self.source = element.get_by_name("source")
        self.size = element.get_by_name("size")
        self.index = 0
        self.size.set_property("caps", caps(1))
        if options.resize_after:
            GLib.timeout_add_seconds(options.resize_after, self.resize)
        GLib.timeout_add(max(1, 1000 // options.fps), self.push)

    def resize(self):
        self.size.set_property("caps", caps(2))
        return False

    def push(self):
        data = picture(int(time.time() * 1000), self.index)
        self.index += 1
        result = self.source.emit("push-buffer", Gst.Buffer.new_wrapped(data))
        return result == Gst.FlowReturn.OK


class Factory(GstRtspServer.RTSPMediaFactory):
    def do_create_element(self, url):
        return Gst.parse_launch(
            "( appsrc name=source is-live=true do-timestamp=true format=time max-buffers=3 leaky-type=downstream"
            f" caps=video/x-raw,format=I420,width={options.width},height={options.height},framerate={options.fps}/1"
            " ! videoscale ! capsfilter name=size"
            f" ! x264enc tune=zerolatency speed-preset=ultrafast key-int-max={options.gop} threads=1"
            " ! video/x-h264,profile=baseline ! rtph264pay name=pay0 pt=96 config-interval=1 )"
        )


def secure(server, factory):
    auth = GstRtspServer.RTSPAuth()
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "user")
    auth.add_basic(GstRtspServer.RTSPAuth.make_basic(options.user, options.password), token)
    server.set_auth(auth)
    roles = GstRtspServer.RTSPPermissions()
    roles.add_permission_for_role("user", "media.factory.access", True)
    roles.add_permission_for_role("user", "media.factory.construct", True)
    factory.set_permissions(roles)


def main():
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(options.port)
    factory = Factory()
    factory.set_shared(True)
    factory.set_latency(0)
    factory.connect("media-configure", lambda _, media: setattr(
        media, "feed", Feed(media.get_element())))
    if options.user:
        secure(server, factory)
    server.get_mount_points().add_factory("/live", factory)
    if server.attach(None) == 0:
        raise SystemExit(f"cannot listen on port {options.port}")
    print(f"port {server.get_bound_port()}", flush=True)
    GLib.timeout_add_seconds(2, lambda: bool(server.get_session_pool().cleanup()) or True)
    GLib.MainLoop().run()


main()
