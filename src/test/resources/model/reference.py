"""Makes reference.json: a ConvLSTM cell and deconvolutions as PyTorch computes them, forward and gradient, in float64.

/usr/bin/python3 reference.py > reference.json   (Debian 12: python3-torch 1.13.0)

All values come from sin, so that the Java test can make the same ones. The gradients are those of the sum of the
products of the outputs with another such wave.
"""

import json

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)


def wave(*shape, phase):
    count = 1
    for side in shape:
        count *= side
    return (0.5 * torch.sin(torch.arange(count) * 0.7 + phase)).reshape(*shape)


def cell():
    batch, steps, channels, hidden, side = 2, 3, 2, 3, 4
    parameters = {
        "peepInput": wave(hidden, side, side, phase=1),
        "peepForget": wave(hidden, side, side, phase=2),
        "peepOutput": wave(hidden, side, side, phase=3),
        "inputWeight": wave(4 * hidden, channels, 3, 3, phase=4),
        "inputBias": wave(4 * hidden, phase=5),
        "hiddenWeight": wave(4 * hidden, hidden, 3, 3, phase=6),
    }
    frames = wave(batch, steps, channels, side, side, phase=7)
    for value in [*parameters.values(), frames]:
        value.requires_grad_(True)
    h = torch.zeros(batch, hidden, side, side)
    c = torch.zeros(batch, hidden, side, side)
    outputs = []
    for step in range(steps):
        gates = F.conv2d(frames[:, step], parameters["inputWeight"], parameters["inputBias"], padding=1)
        gates = gates + F.conv2d(h, parameters["hiddenWeight"], padding=1)
        i, f, g, o = gates.chunk(4, dim=1)
        i = torch.sigmoid(i + parameters["peepInput"] * c)
        f = torch.sigmoid(f + parameters["peepForget"] * c + 1)
        c = f * c + i * torch.tanh(g)
        h = torch.sigmoid(o + parameters["peepOutput"] * c) * torch.tanh(c)
        outputs.append(h)
    out = torch.stack(outputs, dim=1)
    (out * wave(*out.shape, phase=8)).sum().backward()
    gradients = {name: value.grad.flatten().tolist() for name, value in parameters.items()}
    gradients["frames"] = frames.grad.flatten().tolist()
    return {"output": out.flatten().tolist(), "gradients": gradients}


def deconvolution(stride):
    x = wave(2, 3, 5, 5, phase=1).requires_grad_(True)
    weight = wave(3, 2, 3, 3, phase=2).requires_grad_(True)
    bias = wave(2, phase=3).requires_grad_(True)
    out = F.conv_transpose2d(x, weight, bias, stride=stride, padding=1, output_padding=stride - 1)
    (out * wave(*out.shape, phase=4)).sum().backward()
    return {
        "output": out.flatten().tolist(),
        "gradients": {
            "x": x.grad.flatten().tolist(),
            "weight": weight.grad.flatten().tolist(),
            "bias": bias.grad.flatten().tolist(),
        },
    }


if __name__ == "__main__":
    found = {"cell": cell(), "deconvolution1": deconvolution(1), "deconvolution2": deconvolution(2)}
    print(json.dumps(json.loads(json.dumps(found), parse_float=lambda text: round(float(text), 9))))
