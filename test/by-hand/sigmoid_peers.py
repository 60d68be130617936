"""How far the sigmoids of torch, onnxruntime and TensorFlow are from the correctly rounded float32 value.

    python bench/sigmoid_peers.py torch|onnxruntime|tensorflow [every n-th float, 16]

The right value is computed with 64 binary digits (long double). Errors are in units of float32's last place.
"""

import sys

import numpy as np


def torch_sigmoid():
    import torch

    return torch.__version__, lambda x: torch.sigmoid(torch.from_numpy(x)).numpy()


def onnxruntime_sigmoid():
    import onnxruntime
    from onnx import TensorProto, helper

    def value(name):
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n"])

    graph = helper.make_graph([helper.make_node("Sigmoid", ["x"], ["y"])], "g", [value("x")], [value("y")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return onnxruntime.__version__, lambda x: session.run(None, {"x": x})[0]


def tensorflow_sigmoid():
    import tensorflow as tf

    return tf.__version__, lambda x: tf.keras.activations.sigmoid(x).numpy()


def order(values):
    return values.view(np.int32).astype(np.int64)


def main(program, every=16):
    version, sigmoid = globals()[f"{program}_sigmoid"]()
    worst, at, off, falling, zero, count = 0, 0.0, 0, 0, 0.0, 0
    for sign in (1, -1):
        before = np.float32(0.5)
        for start in range(0, 0x43000000, 1 << 24):  # up to 128
            bits = np.arange(start, start + (1 << 24), int(every), dtype=np.uint32)
            x = sign * bits.view(np.float32)
            with np.errstate(over="ignore", under="ignore"):
                right = (1 / (1 + np.exp(-x.astype(np.longdouble)))).astype(np.float32)
            found = sigmoid(x)
            steps = np.abs(order(found) - order(right))
            falling += int((sign * np.diff(np.concatenate([[before], found])) < 0).sum())
            before = found[-1]
            off += int((steps > 1).sum())
            count += len(x)
            zero = max(zero, right[found == 0].max(initial=0))
            if steps.max() > worst:
                worst, at = int(steps.max()), float(x[steps.argmax()])
    print(f"{program} {version}: {count} floats, worst {worst} ulp at {at}, more than 1 ulp off: {off}, ", end="")
    print(f"steps down: {falling}, largest score given as 0: {zero}")


main(*sys.argv[1:])
