#!/usr/bin/python3
"""Publishes over MQTT whether a camera sees something unexpected, for Home Assistant and everything else that listens.

framecast/CAMERA/surprise is ON from the begin of a surprising stretch to its end, as JSON; framecast/status is online,
or offline once this program is gone. All of it is retained and sent with QoS 1. A record counts as read in Kafka only
when the MQTT broker has acknowledged it, so none is lost, and after a failure some come twice.

Needs Debian's python3-confluent-kafka, python3-protobuf and python3-paho-mqtt, and framecast_pb2.py, which
protoc --proto_path=topics --python_out=. framecast.proto makes.
"""
import argparse
import json
import os
import queue
import re
import signal
import sys
import warnings
from datetime import datetime, timezone

import paho.mqtt.client as mqtt
from confluent_kafka import Consumer, KafkaException, TopicPartition
from framecast_pb2 import SurprisingStretch
from google.protobuf.message import DecodeError

CAMERA = re.compile("[A-Za-z0-9_-]{1,64}")  # so that it cannot change the MQTT topic
ADDRESS = re.compile(r"([^\s:/]+|\[[0-9a-fA-F:]+\])(?::(\d{1,5}))?")
PATIENCE = 10  # seconds to answer at the start


def tell(text):
    print(f"surprise_to_mqtt: {text}", file=sys.stderr, flush=True)


def fail(text):
    tell(text)
    sys.exit(1)


def options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kafka", default="localhost:9092", metavar="HOST:PORT[,...]")
    parser.add_argument("--kafka-property", default=[], action="append", metavar="KEY=VALUE", help="of librdkafka")
    parser.add_argument("--topic", default="framecast.stretches.v1", help="the stretches topic")
    parser.add_argument("--group", default="framecast-mqtt", help="Kafka's consumer group")
    parser.add_argument("--mqtt", default="localhost:1883", metavar="HOST[:PORT]")
    parser.add_argument("--mqtt-user", metavar="NAME", help="its password is MQTT_PASSWORD in the environment")
    parser.add_argument("--mqtt-tls", action="store_true", help="certificates are those that the system trusts")
    parser.add_argument("--prefix", default="framecast", help="of the MQTT topics")
    parser.add_argument("--discovery", default="homeassistant", help="Home Assistant's prefix, '' for none")
    return parser.parse_args()


class Broker:
    """An MQTT connection that comes back by itself, and then repeats the last state of each camera."""

    def __init__(self, given):
        address = ADDRESS.fullmatch(given.mqtt)
        if not address or int(address[2] or 1) not in range(1, 65536):
            fail(f"MQTT broker '{given.mqtt}' is no address; write --mqtt HOST or HOST:PORT")
        self.address, self.prefix, self.discovery = given.mqtt, given.prefix, given.discovery
        self.status = f"{given.prefix}/status"
        self.retained = {}
        self.has_begun = False
        self.answers, self.acknowledged = queue.Queue(), queue.Queue()
        # Version 2 of paho-mqtt wants to know which callbacks are meant, and warns of those that version 1 has as well.
        warnings.simplefilter("ignore", DeprecationWarning)
        versions = [mqtt.CallbackAPIVersion.VERSION1] if hasattr(mqtt, "CallbackAPIVersion") else []
        self.client = mqtt.Client(*versions)
        self.client.on_connect = self.connected
        self.client.on_disconnect = self.disconnected
        self.client.on_publish = lambda client, data, message: self.acknowledged.put(message)
        self.client.will_set(self.status, "offline", qos=1, retain=True)
        self.client.reconnect_delay_set(1, 30)
        if given.mqtt_user:
            self.client.username_pw_set(given.mqtt_user, os.environ.get("MQTT_PASSWORD"))
        if given.mqtt_tls:
            self.client.tls_set()
        self.connect(address[1].strip("[]"), int(address[2] or (8883 if given.mqtt_tls else 1883)))

    def connect(self, host, port):
        try:
            self.client.connect(host, port, keepalive=30)
            self.client.loop_start()
            refusal = self.answers.get(timeout=PATIENCE)
        except (OSError, queue.Empty) as failure:
            reason = getattr(failure, "strerror", None) or str(failure) or "no answer"
            fail(f"MQTT broker '{self.address}' cannot be reached ({reason}); check --mqtt, and that it runs")
        if refusal:
            fail(f"MQTT broker '{self.address}' refuses the connection: {mqtt.connack_string(refusal)};"
                 " check --mqtt-user and MQTT_PASSWORD")
        self.has_begun = True

    def connected(self, client, data, flags, refusal):
        self.answers.put(refusal)
        if not refusal:
            client.publish(self.status, "online", qos=1, retain=True)
            for topic, payload in list(self.retained.items()):  # a broker may forget them when it restarts
                client.publish(topic, payload, qos=1, retain=True)

    def disconnected(self, client, data, reason):
        if reason and self.has_begun:
            tell(f"the connection to MQTT broker '{self.address}' is lost; trying again")

    def publish(self, topic, payload):
        """Waits for the acknowledgement, over any number of connections."""
        self.retained[topic] = payload
        message = self.client.publish(topic, payload, qos=1, retain=True).mid
        while self.acknowledged.get() != message:
            pass

    def announce(self, camera):
        """Lets Home Assistant show the camera without being configured."""
        state = f"{self.prefix}/{camera}/surprise"
        topic = f"{self.discovery}/binary_sensor/framecast_{camera}/config"
        if self.discovery and topic not in self.retained:
            self.publish(topic, json.dumps({
                "name": "unexpected", "unique_id": f"framecast_{camera}_surprise",
                "state_topic": state, "value_template": "{{ value_json.state }}", "json_attributes_topic": state,
                "availability_topic": self.status,
                "device": {"identifiers": [f"framecast_{camera}"], "name": camera, "manufacturer": "Framecast"}}))

    def close(self):
        if self.client.is_connected():
            self.client.publish(self.status, "offline", qos=1, retain=True).wait_for_publish(2)
        self.client.disconnect()
        self.client.loop_stop()


def from_now_on(consumer, partitions):
    """Begins where this group has read to; the first time at the end, which is committed so that it stays so."""
    begin = consumer.committed(partitions, timeout=PATIENCE)
    for partition in begin:
        if partition.offset < 0:
            partition.offset = consumer.get_watermark_offsets(partition, timeout=PATIENCE)[1]
            consumer.commit(offsets=[partition], asynchronous=False)
    consumer.assign(begin)


def subscribe(given):
    settings = {"bootstrap.servers": given.kafka, "group.id": given.group, "enable.auto.commit": False,
                "isolation.level": "read_committed", "auto.offset.reset": "earliest", "log_level": 0}
    try:
        settings.update(each.split("=", 1) for each in given.kafka_property)
        consumer = Consumer(settings)
        topics = consumer.list_topics(timeout=PATIENCE).topics
    except ValueError:
        fail(f"--kafka-property {given.kafka_property} is not KEY=VALUE")
    except KafkaException as failure:
        fail(f"Kafka at '{given.kafka}' cannot be used ({failure.args[0].str()}); check --kafka and --kafka-property")
    if given.topic not in topics:
        fail(f"Kafka at '{given.kafka}' has no topic '{given.topic}'; check --topic, or run framecast topics create")
    consumer.subscribe([given.topic], on_assign=from_now_on)
    return consumer


def moment(micros):
    return datetime.fromtimestamp(micros / 1e6, timezone.utc).isoformat(timespec="milliseconds")


def bridge(consumer, broker):
    while True:
        try:
            record = consumer.poll(1)
            if record is None:
                continue
            if record.error():
                raise KafkaException(record.error())
            forward(record, broker)
            consumer.commit(offsets=[TopicPartition(record.topic(), record.partition(), record.offset() + 1)],
                            asynchronous=False)
        except KafkaException as failure:  # what is not committed comes again
            error = failure.args[0]
            if error.fatal():
                fail(f"Kafka's client cannot go on ({error.str()}); start this program again")
            tell(f"Kafka says: {error.str()}; trying again")


def forward(record, broker):
    try:
        stretch = SurprisingStretch.FromString(record.value() or b"")
    except DecodeError:
        stretch = SurprisingStretch()
    if not CAMERA.fullmatch(stretch.camera):
        tell(f"record {record.topic()}-{record.partition()}@{record.offset()} is no stretch of a camera; left out")
        return
    broker.announce(stretch.camera)
    broker.publish(f"{broker.prefix}/{stretch.camera}/surprise", json.dumps({
        "state": "OFF" if stretch.ended else "ON", "id": stretch.id, "begin": moment(stretch.begin_us),
        "end": moment(stretch.end_us), "frames": stretch.frames, "peak": round(stretch.peak, 2)}))


def main():
    given = options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    broker = Broker(given)
    consumer = None
    try:
        consumer = subscribe(given)
        print(f"{given.topic} at {given.kafka} -> {given.prefix}/CAMERA/surprise at {given.mqtt}", flush=True)
        bridge(consumer, broker)
    except KeyboardInterrupt:
        pass
    finally:
        if consumer:
            consumer.close()
        broker.close()


main()
