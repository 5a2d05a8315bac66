#!/usr/bin/env python3
"""Forecasts a second of deconv-lstm and convlstm: Framecast, PyTorch and ONNX Runtime, taking turns on one machine; with
--train, frames a second of training.

The peers are the networks as one would write them in Python, with random weights: the speed does not depend on them.
Each round runs every program once, so that what else the machine does meets all of them; of each the median counts.

    python3 -m venv peers && peers/bin/pip install torch onnx onnxruntime
    peers/bin/python src/test/resources/model/peers.py
"""
import argparse
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

CONTEXT = 10
HORIZON = 32
ROOT = pathlib.Path(__file__).resolve().parents[4]


def networks():
    """The two networks of models/, each a module from (B, 10, 3, 64, 64) to (B, 32, 3, 64, 64)."""
    import torch
    from torch import nn

    class Cell(nn.Module):
        def __init__(self, channels, filters, side):
            super().__init__()
            self.gates = nn.Conv2d(channels + filters, 4 * filters, 3, padding=1)
            self.peepholes = nn.Parameter(torch.randn(3, filters, side, side) / 10)
            self.filters = filters
            self.side = side

        def start(self, x):
            zeros = x.new_zeros(x.shape[0], self.filters, self.side, self.side)
            return zeros, zeros

        def forward(self, x, state):
            hidden, cell = state
            i, f, c, o = self.gates(torch.cat([x, hidden], 1)).chunk(4, 1)
            i = torch.sigmoid(i + cell * self.peepholes[0])
            f = torch.sigmoid(f + cell * self.peepholes[1] + 1)
            cell = f * cell + i * torch.tanh(c)
            o = torch.sigmoid(o + cell * self.peepholes[2])
            return o * torch.tanh(cell), cell

    class ClosedLoop(nn.Module):
        def forward(self, context):
            states = [cell.start(context) for cell in self.cells]
            frame = context[:, 0]
            frames = []
            for time_ in range(CONTEXT + HORIZON - 1):
                x = self.encoder(context[:, time_] if time_ < CONTEXT else frame)
                for n, cell in enumerate(self.cells):
                    states[n] = cell(x, states[n])
                    x = states[n][0]
                frame = self.decoder(x)
                frames.append(frame)
            return torch.stack(frames[CONTEXT - 1:], 1)

        def teacher_forced(self, frames):
            """The frame after each of (B, T, 3, 64, 64), all convolutions of the input in one call, as one would train."""
            batch, times = frames.shape[:2]
            x = self.encoder(frames.flatten(0, 1)).unflatten(0, (batch, times))
            for cell in self.cells:
                state = cell.start(x[:, 0])
                hidden = []
                for time_ in range(times):
                    state = cell(x[:, time_], state)
                    hidden.append(state[0])
                x = torch.stack(hidden, 1)
            return self.decoder(x.flatten(0, 1)).unflatten(0, (batch, times))

    class DeconvLstm(ClosedLoop):
        def __init__(self):
            super().__init__()
            encoder, decoder, channels = [], [], 3
            for n, filters in enumerate([32, 64, 128, 256]):
                encoder += [nn.Conv2d(channels, filters, 3, 1 if n == 0 else 2, 1), nn.LeakyReLU(0.1)]
                channels = filters
            for n, filters in enumerate([256, 128, 64, 32]):
                stride = 1 if n == 0 else 2
                decoder += [nn.ConvTranspose2d(channels, filters, 3, stride, 1, stride - 1), nn.LeakyReLU(0.1)]
                channels = filters
            decoder += [nn.ConvTranspose2d(channels, 3, 3, 1, 1), nn.Tanh()]
            self.encoder = nn.Sequential(*encoder)
            self.cells = nn.ModuleList([Cell(256, 256, 8)])
            self.decoder = nn.Sequential(*decoder)

    class ConvLstm(ClosedLoop):
        def __init__(self):
            super().__init__()
            self.encoder = nn.Identity()
            self.cells = nn.ModuleList([Cell(3, 32, 64), Cell(32, 32, 64), Cell(32, 3, 64)])
            self.decoder = nn.Identity()

    torch.manual_seed(0)
    return {"deconv-lstm": DeconvLstm().eval(), "convlstm": ConvLstm().eval()}


def seconds(call, calls):
    call()
    times = []
    for _ in range(calls):
        started = time.perf_counter()
        call()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def product():
    """GFLOP/s of two 2048x2048 float32 matrices with all threads: the machine's ceiling."""
    import torch
    a = torch.randn(2048, 2048)
    return 2 * 2048**3 / seconds(lambda: a @ a, 5) / 1e9


def torch_eager(network, batches, calls):
    import torch
    with torch.no_grad():
        for batch in batches:
            context = torch.rand(batch, CONTEXT, 3, 64, 64) * 2 - 1
            yield batch, batch / seconds(lambda: network(context), calls)


def torch_training(network, steps):
    """Frames a second of training steps: batch 4, 32 frames, l2 loss, Adam."""
    import torch
    network.train()
    adam = torch.optim.Adam(network.parameters(), 1e-3)
    frames = torch.rand(4, 33, 3, 64, 64) * 2 - 1

    def step():
        adam.zero_grad()
        torch.nn.functional.mse_loss(network.teacher_forced(frames[:, :-1]), frames[:, 1:]).backward()
        adam.step()

    return 4 * 32 / seconds(step, steps)


def framecast_training(name, steps):
    command = [str(ROOT / "framecast"), "bench", "train", "--network", name, "--steps", str(max(10, steps))]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return float(re.search(rf"^{name} .*?\)\s+(\S+)", said, re.MULTILINE)[1])


def train(names, rounds, steps):
    print("| network | program | training frames/s | to PyTorch |")
    print("|---|---|---|---|")
    for name in names:
        rates = {"PyTorch": [], "Framecast": []}
        for _ in range(rounds):
            rates["PyTorch"].append(torch_training(networks()[name], steps))
            rates["Framecast"].append(framecast_training(name, steps))
            print(f"{name} training: {rates}", file=sys.stderr)
        peer = statistics.median(rates["PyTorch"])
        for program, found in rates.items():
            print(f"| {name} | {program} | {statistics.median(found):.1f} | {statistics.median(found) / peer:.2f} |")


def onnx_runtime(file, batches, calls):
    import numpy
    import onnxruntime
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = len(os.sched_getaffinity(0))
    for batch in batches:
        session = onnxruntime.InferenceSession(str(file(batch)), options, providers=["CPUExecutionProvider"])
        name = session.get_inputs()[0].name
        context = numpy.random.default_rng(0).uniform(-1, 1, (batch, CONTEXT, 3, 64, 64)).astype(numpy.float32)
        yield batch, batch / seconds(lambda: session.run(None, {name: context}), calls)


def framecast(name, precision, batches, calls):
    command = [str(ROOT / "framecast"), "bench", "model", "--model", name, "--precision", precision,
               "--batch", ",".join(map(str, batches)), "--calls", str(max(5, calls))]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    for line in said.splitlines():
        row = re.fullmatch(rf"{name}\s+(\d+)\s+\S+\s+\S+\s+(\S+)", line.strip())
        if row:
            yield int(row[1]), float(row[2])


def export(network, folder, name, batch):
    import torch
    file = pathlib.Path(folder) / f"{name}-{batch}.onnx"
    if not file.exists():
        torch.onnx.export(network, (torch.zeros(batch, CONTEXT, 3, 64, 64),), str(file), opset_version=17, dynamo=False)
    return file


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--calls", type=int, default=5, help="of each batch in a round")
    parser.add_argument("--batch", default="1,8")
    parser.add_argument("--network", default="deconv-lstm,convlstm")
    parser.add_argument("--train", action="store_true", help="compare training steps instead of forecasts")
    arguments = parser.parse_args()
    batches = [int(batch) for batch in arguments.batch.split(",")]
    import torch
    threads = len(os.sched_getaffinity(0))
    torch.set_num_threads(threads)
    if arguments.train:
        print(f"{threads} threads, matrix product 2048x2048, float32: {product():.0f} GFLOP/s")
        train(arguments.network.split(","), arguments.rounds, arguments.calls)
        return
    found = {}
    products = []
    with tempfile.TemporaryDirectory() as folder:
        for name, network in networks().items():
            if name not in arguments.network.split(","):
                continue
            programs = {
                "PyTorch": lambda: torch_eager(network, batches, arguments.calls),
                "ONNX Runtime": lambda: onnx_runtime(
                    lambda batch: export(network, folder, name, batch), batches, arguments.calls),
                "Framecast, float32": lambda: framecast(name, "float32", batches, arguments.calls),
                "Framecast, auto": lambda: framecast(name, "auto", batches, arguments.calls),
            }
            for _ in range(arguments.rounds):
                products.append(product())
                for program, run in programs.items():
                    for batch, rate in run():
                        found.setdefault((name, batch, program), []).append(rate)
                        print(f"{name} {batch} {program}: {rate:.2f}", file=sys.stderr)
    print(f"{threads} threads, matrix product 2048x2048, float32: {statistics.median(products):.0f} GFLOP/s")
    print("| network | windows | program | forecasts/s | to ONNX Runtime |")
    print("|---|---|---|---|---|")
    for (name, batch, program), rates in sorted(found.items()):
        rate = statistics.median(rates)
        peer = statistics.median(found[name, batch, "ONNX Runtime"])
        print(f"| {name} | {batch} | {program} | {rate:.2f} | {rate / peer:.2f} |")


if __name__ == "__main__":
    main()
