"""Makes reference.json: errors of pictures as scikit-image and OpenSTL's formulas give them.

python3 reference.py > reference.json   (Debian 12: python3-skimage 0.19.3, python3-numpy 1.24.2)
"""

import json

import numpy
from skimage.metrics import structural_similarity


def pictures(height, width, channels):
    """Smooth and noisy pictures that the Java test makes from the same numbers."""
    state = 12345

    def noise():
        nonlocal state
        state = (state * 1103515245 + 12345) % (1 << 31)
        return (state >> 16) % 64

    pairs = []
    for kind in range(4):
        x = numpy.zeros((height, width, channels), numpy.uint8)
        y = numpy.zeros((height, width, channels), numpy.uint8)
        for row in range(height):
            for column in range(width):
                for channel in range(channels):
                    base = (row * 3 + column * 5 + channel * 40) % 192
                    first, second = noise(), noise()
                    x[row, column, channel] = base + (first if kind > 0 else 0)
                    y[row, column, channel] = (
                        base if kind == 0 else base + second if kind == 1 else 255 - base if kind == 2 else base + 3
                    )
        pairs.append((x, y))
    return pairs


def openstl_mse(pred, true):
    return float(numpy.mean((pred - true) ** 2, axis=(0, 1)).sum())


def openstl_mae(pred, true):
    return float(numpy.mean(numpy.abs(pred - true), axis=(0, 1)).sum())


def scores(x, y):
    a, b = x / 255.0, y / 255.0
    mse = float(numpy.mean((a - b) ** 2))
    return {
        "mse": mse,
        "mae": float(numpy.mean(numpy.abs(a - b))),
        "psnr": None if mse == 0 else float(20 * numpy.log10(1 / numpy.sqrt(mse))),
        "ssim": float(structural_similarity(a, b, channel_axis=2, data_range=1)),
        # As OpenSTL calls it: float64 pictures, whose range scikit-image takes as -1 to 1.
        "ssim_openstl": float(structural_similarity(a.swapaxes(0, 2), b.swapaxes(0, 2), channel_axis=0)),
        # As OpenSTL sums: (batch, time, channel, height, width), here one channel.
        "summed_mse": openstl_mse(a[None, None, :, :, 0], b[None, None, :, :, 0]),
        "summed_mae": openstl_mae(a[None, None, :, :, 0], b[None, None, :, :, 0]),
    }


if __name__ == "__main__":
    found = [
        {"shape": shape, "pairs": [scores(x, y) for x, y in pictures(*shape)]}
        for shape in ([64, 64, 3], [16, 24, 1], [7, 7, 3])
    ]
    print(json.dumps(found, indent=1))
