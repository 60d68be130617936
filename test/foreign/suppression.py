"""Holds suppression to that of others on thousands of random sets of boxes, and says why where they differ.

    pip install numpy torch torchvision onnx onnxruntime opencv-python-headless ensemble-boxes
    npm run build && python test/foreign/suppression.py [SETS OF EACH KIND, default 400]

What sigbox keeps has to be what greedy suppression in double precision keeps, in every set. Where another program keeps
other boxes, one of these has to be the reason:

- boxes that are none: empty, inverted, endless or not a number; without them both keep the same
- rounding: a pair within 2e-6 of the threshold, on other sides of it in float32 and in double precision
- overflow: areas beyond what float32 holds
- offsets: torchvision's batched_nms moves classes apart; class by class it keeps the same
- order of ties (ensemble-boxes): equal scores in one class, of which it takes the later first
- equal overlaps (ensemble-boxes, which keeps fused boxes in float32): a box is as near to one as to another; once all
  boxes are moved by up to a thousandth, each by itself, both give the same

Prints a table; the exit status is 1 when sigbox differs from double precision, or anything is not explained.
"""

import base64
import json
import subprocess
import sys
import warnings
from collections import Counter
from importlib.metadata import version
from pathlib import Path

import cv2
import ensemble_boxes
import numpy as np
import onnxruntime
import torch
from onnx import TensorProto, helper
from torchvision import ops

SETS = int(sys.argv[1]) if len(sys.argv) > 1 else 400
NEAR = 2e-6  # of IoUs in float32: a few roundings of 2^-24
SIDE = 64  # of the pictures
UNIT = 128  # ensemble-boxes wants sides below 1; a power of two loses nothing


def clusters(random, n):
    centres = random.uniform(8, SIDE - 8, (1 + n // 6, 2))
    centre = centres[random.integers(0, len(centres), n)] + random.normal(0, 1.5, (n, 2))
    size = random.uniform(4, 16, (n, 2))
    return np.concatenate([centre - size / 2, centre + size / 2], 1).clip(0, SIDE), random.uniform(0.05, 1, n)


def ties(random, n):
    boxes, _ = clusters(random, n)
    return np.round(boxes / 4) * 4 + [0, 0, 1, 1], random.integers(1, 4, n) / 4


def edges(random, n):
    corner = random.integers(0, 6, (n, 2))
    return np.concatenate([corner, corner + random.integers(1, 5, (n, 2))], 1), random.uniform(0.05, 1, n)


def few(random, n):
    return clusters(random, n % 3)


def negative(random, n):
    boxes, scores = clusters(random, n)
    return boxes - random.uniform(0, 5000), scores


def far(random, n):
    boxes, scores = clusters(random, n)
    return boxes + 10.0 ** random.integers(3, 7), scores


def huge(random, n):
    boxes, scores = clusters(random, n)
    return boxes * 10.0 ** random.integers(10, 37), scores


def degenerate(random, n):
    boxes, scores = clusters(random, n)
    flat = random.random(n) < 0.3
    boxes[flat, 2 + random.integers(0, 2)] = boxes[flat, random.integers(0, 2)]
    boxes[random.random(n) < 0.1, 2:] = 0
    return boxes, scores


def inverted(random, n):
    boxes, scores = clusters(random, n)
    turned = random.random(n) < 0.3
    boxes[turned] = boxes[turned][:, [2, 1, 0, 3]]
    return boxes, scores


def not_numbers(random, n):
    boxes, scores = clusters(random, n)
    spoilt = random.random(boxes.shape) < 0.05
    boxes[spoilt] = random.choice([np.nan, np.inf, -np.inf], spoilt.sum())
    return boxes, scores


KINDS = [clusters, ties, edges, few, negative, far, huge, degenerate, inverted, not_numbers]


class Sigbox:
    """The built sigbox, in a process of its own."""

    def __init__(self):
        script = Path(__file__).with_name("suppression.mjs")
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.process = subprocess.Popen(["node", str(script)], **pipes)

    def ask(self, what, models, options):
        arrays = [{"boxes": text(b, "f4"), "scores": text(s, "f4"), "classIds": text(c, "u2")} for b, s, c in models]
        self.process.stdin.write(json.dumps({"what": what, "options": options, "models": arrays}) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


def text(array, kind):
    return base64.b64encode(np.ascontiguousarray(array, kind).tobytes()).decode()


def usable(boxes):
    return np.isfinite(boxes).all(1) & (boxes[:, 2] > boxes[:, 0]) & (boxes[:, 3] > boxes[:, 1])


def overlaps(boxes):
    """[n, n] IoU in double precision; boxes that are none overlap nothing."""
    with np.errstate(all="ignore"):
        b = boxes.astype(np.float64)
        low, high = np.maximum(b[:, None, :2], b[None, :, :2]), np.minimum(b[:, None, 2:], b[None, :, 2:])
        common = (high - low).clip(0).prod(2)
        area = (b[:, 2:] - b[:, :2]).prod(1)
        iou = common / (area[:, None] + area[None] - common)
    good = usable(boxes)
    return np.where(good[:, None] & good[None] & (common > 0), iou, 0)


def greedy(boxes, scores, class_ids, threshold):
    iou = overlaps(boxes)
    left = np.argsort(-scores, kind="stable")
    kept = []
    while len(left):
        best, left = left[0], left[1:]
        kept.append(int(best))
        left = left[~((iou[best, left] > threshold) & (class_ids[left] == class_ids[best]))]
    return kept


def torchvision_nms(boxes, scores, class_ids, threshold):
    return ops.nms(torch.from_numpy(boxes), torch.from_numpy(scores), threshold).tolist()


def torchvision_batched(boxes, scores, class_ids, threshold):
    given = torch.from_numpy(boxes), torch.from_numpy(scores), torch.from_numpy(class_ids.astype(np.int64))
    return ops.batched_nms(*given, threshold).tolist()


def opencv(boxes, scores, class_ids, threshold):
    boxes = boxes.astype(np.float64)
    xywh = np.concatenate([boxes[:, :2], boxes[:, 2:] - boxes[:, :2]], 1)
    return np.asarray(cv2.dnn.NMSBoxes(xywh, scores, 0.0, threshold)).ravel().tolist() if len(boxes) else []


def onnx_session():
    names = ["boxes", "scores", "most", "iou"]
    types = [TensorProto.FLOAT, TensorProto.FLOAT, TensorProto.INT64, TensorProto.FLOAT]
    inputs = [helper.make_tensor_value_info(n, t, None) for n, t in zip(names, types, strict=True)]
    output = helper.make_tensor_value_info("selected", TensorProto.INT64, None)
    graph = helper.make_graph([helper.make_node("NonMaxSuppression", names, ["selected"])], "nms", inputs, [output])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 11)], ir_version=8)
    return onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])


SESSION = onnx_session()


def onnx_nms(boxes, scores, class_ids, threshold):
    given = {"boxes": boxes[None], "scores": scores[None, None], "most": np.array([10_000]), "iou": np.float32([threshold])}
    return SESSION.run(None, given)[0][:, 2].tolist()


PEERS = {
    "torchvision nms": (torchvision_nms, "all"),
    "torchvision batched_nms": (torchvision_batched, "class"),
    "onnxruntime NonMaxSuppression": (onnx_nms, "all"),
    "OpenCV NMSBoxes": (opencv, "all"),
}


def reason(peer, boxes, scores, class_ids, threshold):
    """Why a peer keeps other boxes than greedy suppression in double precision does."""
    good = usable(boxes)
    if not good.all():
        part = boxes[good], scores[good], class_ids[good], threshold
        if peer(*part) == greedy(*part):
            return "boxes that are none"
        boxes, scores, class_ids, threshold = part
    if np.abs(boxes).max() > 1e18:
        return "overflow"
    same = class_ids[:, None] == class_ids[None]
    iou = overlaps(boxes)
    if (same & (np.abs(iou - threshold) < NEAR)).any():
        return "rounding"
    if peer is torchvision_batched:
        apart = ops.boxes._batched_nms_vanilla(torch.from_numpy(boxes), torch.from_numpy(scores), torch.from_numpy(class_ids.astype(np.int64)), threshold)
        if apart.tolist() == greedy(boxes, scores, class_ids, threshold):
            return "offsets"
    return "not explained"


def hard(sigbox):
    sets, wrong, differ = Counter(), Counter(), Counter()
    for kind in KINDS:
        for seed in range(SETS):
            random = np.random.default_rng([KINDS.index(kind), seed])
            boxes, scores = (part.astype(np.float32) for part in kind(random, int(random.integers(3, 160))))
            class_ids = random.integers(0, random.choice([1, 2, 80, 1203]), len(scores))
            threshold = float(np.float32(random.choice([0.25, 0.5, 0.75, 1 / 3, random.random()])))
            sets[kind.__name__] += 1
            for scope, ids in {"all": np.zeros_like(class_ids), "class": class_ids}.items():
                right = greedy(boxes, scores, ids, threshold)
                options = {"iouThreshold": threshold, "scope": scope, "maxDetections": 1000}
                wrong[kind.__name__] += sigbox.ask("nms", [(boxes, scores, class_ids)], options)["keep"] != right
                for name, (peer, of) in PEERS.items():
                    if of == scope and peer(boxes, scores, ids, threshold) != right:
                        differ[name, kind.__name__, reason(peer, boxes, scores, ids, threshold)] += 1
    return sets, wrong, differ


def ensemble(what, models, options):
    """What ensemble-boxes makes of models: rows of class, score, box; of soft-NMS the boxes that stay."""
    given = [[b / UNIT for b, _, _ in models], [s for _, s, _ in models], [c for _, _, c in models]]
    if what == "soft":
        if len(models[0][0]) == 0:
            return rows_of([], [], [])  # it has no answer to nothing
        method = {"soft-linear": 1, "soft-gaussian": 2}[options["suppression"]]
        settings = {"iou_thr": options["iouThreshold"], "sigma": options["sigma"], "thresh": options["scoreThreshold"]}
        boxes, scores, ids = ensemble_boxes.soft_nms(*given, method=method, **settings)
        return rows_of(boxes * UNIT, np.zeros(len(boxes)), ids)  # its scores are those of before
    settings = {"weights": options["weights"], "iou_thr": options["iouThreshold"]}
    if options["method"] == "nmw":
        boxes, scores, ids = ensemble_boxes.non_maximum_weighted(*given, **settings)
    else:
        boxes, scores, ids = ensemble_boxes.weighted_boxes_fusion(*given, **settings, conf_type=options["fusedScore"])
    return rows_of(boxes * UNIT, scores, ids)


def ours(sigbox, what, models, options):
    found = sigbox.ask("suppress" if what == "soft" else "fuse", models, options)
    if what == "fuse":
        return rows_of(np.reshape(found["boxes"], (-1, 4)), found["scores"], found["classIds"])
    boxes, _, ids = models[0]
    return rows_of(boxes[found["keep"]], np.zeros(len(found["keep"])), ids[found["keep"]])


def rows_of(boxes, scores, ids):
    rows = np.concatenate([np.reshape(ids, (-1, 1)), np.reshape(scores, (-1, 1)), np.reshape(boxes, (-1, 4))], 1)
    return rows.astype(np.float64)


def alike(a, b):
    """Whether rows are the same, in any order, to what float32 leaves of a box and a score."""
    if a.shape != b.shape:
        return False
    left = list(range(len(b)))
    for row in a:
        near = [i for i in left if np.abs(b[i] - row).max() <= 2e-4]
        if not near:
            return False
        left.remove(near[0])
    return True


def soft_and_fused(sigbox):
    sets, differ = Counter(), Counter()
    for kind in [clusters, ties, edges, few]:
        for seed in range(SETS):
            for name, what, models, options in questions(kind, seed):
                sets[name, kind.__name__] += 1
                if not alike(ensemble(what, models, options), ours(sigbox, what, models, options)):
                    differ[name, kind.__name__, reason_of(sigbox, what, models, options)] += 1
    return sets, differ


def questions(kind, seed):
    """Fusion of one to three models, and soft-NMS of the first."""
    random = np.random.default_rng([100 + KINDS.index(kind), seed])
    models = []
    for _ in range(random.integers(1, 4)):
        boxes, scores = (part.astype(np.float32) for part in kind(random, int(random.integers(3, 40))))
        models.append((boxes, scores, random.integers(0, 3, len(scores))))
    threshold = {"iouThreshold": float(np.float32(random.uniform(0.3, 0.8)))}
    weights = {"weights": [float(weight) for weight in random.choice([1, 2, 0.5], len(models))]}
    for score in ("avg", "max", "box_and_model_avg", "absent_model_aware_avg"):
        yield f"wbf {score}", "fuse", models, {"method": "wbf", "fusedScore": score, **weights, **threshold}
    yield "nmw", "fuse", models, {"method": "nmw", **weights, **threshold}
    for name in ("soft-linear", "soft-gaussian"):
        limits = {"sigma": 0.5, "scoreThreshold": 0.03, "maxDetections": 1000}
        yield name, "soft", models[:1], {"suppression": name, **limits, **threshold}


def reason_of(sigbox, what, models, options):
    scores = np.concatenate([s * (options.get("weights", [1])[i]) for i, (_, s, _) in enumerate(models)])
    ids = np.concatenate([c for _, _, c in models])
    if any(len(np.unique(scores[ids == c])) < (ids == c).sum() for c in np.unique(ids)):
        return "order of ties"
    for change in (-NEAR, NEAR):
        moved = {**options, "iouThreshold": options["iouThreshold"] + change}
        if alike(ensemble(what, models, options), ours(sigbox, what, models, moved)):
            return "rounding"
    random = np.random.default_rng(1)
    moved = [(b + random.uniform(0, 1e-3, b.shape).astype(np.float32), *rest) for b, *rest in models]
    if alike(ensemble(what, moved, options), ours(sigbox, what, moved, options)):
        return "equal overlaps"
    return "not explained"


def main():
    warnings.simplefilter("ignore")
    sigbox = Sigbox()
    sets, wrong, differ = hard(sigbox)
    packages = ["torchvision", "onnxruntime", "opencv-python-headless", "ensemble-boxes"]
    print(", ".join(f"{package} {version(package)}" for package in packages))
    print(f"hard NMS: {sum(sets.values())} sets, each of all classes and class by class: {sum(wrong.values())} differ from double precision")
    for name in PEERS:
        print(f"\n{name}: sets in which it keeps other boxes, of {SETS} of each kind")
        for (_, kind, why), count in [item for item in differ.items() if item[0][0] == name]:
            print(f"  {kind}: {count}, {why}")
    compared, fused = soft_and_fused(sigbox)
    print(f"\nsoft-NMS and fusion against ensemble-boxes: {sum(compared.values())} sets")
    for (name, kind, why), count in fused.items():
        print(f"  {name}, {kind}: {count} of {compared[name, kind]} differ, {why}")
    unexplained = [key for key in [*differ, *fused] if key[2] == "not explained"]
    return 1 if unexplained or sum(wrong.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
