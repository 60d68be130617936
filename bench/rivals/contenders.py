"""
What Python users of detectors run after the model, timed in this process: one JSON object per line in, one out.

In: {"load": {"file", "dims", "objectness", "conf"}} reads probabilities (float32) from a file, or {"run", "multi", "calls",
"ms"}: a turn as in rival.ts. Out: {"ms", "kept", "sum"}, or {"versions"} after the first line. Every contender is given
scores after sigmoid, in a copy of its own that is written anew before every call.
"""
import json
import sys
import time

import cv2
import numpy as np
import torch
import torchvision
import ultralytics
from ultralytics.utils.nms import non_max_suppression

IOU, MAX_DETECTIONS, MAX_CANDIDATES, OFFSET = 0.7, 300, 30000, 7680
torch.set_num_threads(1)
cv2.setNumThreads(1)
given = {}


def corners(boxes):
    half = boxes[:, 2:] / 2
    return torch.cat((boxes[:, :2] - half, boxes[:, :2] + half), 1)


def candidates(tensor, multi):
    """Boxes, scores and classes over the threshold, as Ultralytics' and YOLOv5's own code gather them."""
    conf = given["conf"]
    if given["objectness"]:
        rows = tensor[0][tensor[0, :, 4] > conf]
        boxes, scores = rows[:, :4], rows[:, 5:] * rows[:, 4:5]
    else:
        rows = tensor[0].T[tensor[0, 4:].amax(0) > conf]
        boxes, scores = rows[:, :4], rows[:, 4:]
    if multi:
        i, j = torch.where(scores > conf)
        boxes, scores, classes = boxes[i], scores[i, j], j
    else:
        scores, classes = scores.max(1)
        over = scores > conf
        boxes, scores, classes = boxes[over], scores[over], classes[over]
    if len(scores) > MAX_CANDIDATES:
        best = scores.argsort(descending=True)[:MAX_CANDIDATES]
        boxes, scores, classes = boxes[best], scores[best], classes[best]
    return corners(boxes), scores, classes


def torchvision_offsets(tensor, multi):
    boxes, scores, classes = candidates(tensor, multi)
    kept = torchvision.ops.nms(boxes + classes[:, None] * OFFSET, scores, IOU)[:MAX_DETECTIONS]
    return boxes[kept], scores[kept], classes[kept]


def torchvision_batched(tensor, multi):
    boxes, scores, classes = candidates(tensor, multi)
    kept = torchvision.ops.batched_nms(boxes, scores, classes, IOU)[:MAX_DETECTIONS]
    return boxes[kept], scores[kept], classes[kept]


def opencv(tensor, multi, batched):
    boxes, scores, classes = (part.numpy() for part in candidates(tensor, multi))
    sized = boxes.astype(np.float64)
    sized[:, 2:] -= sized[:, :2]
    conf = given["conf"]
    if batched:
        kept = cv2.dnn.NMSBoxesBatched(sized, scores, classes.astype(np.int32), conf, IOU)
    else:
        sized[:, :2] += classes[:, None] * OFFSET
        kept = cv2.dnn.NMSBoxes(sized, scores, conf, IOU)
    kept = np.asarray(kept, dtype=np.int64).reshape(-1)[:MAX_DETECTIONS]
    return boxes[kept], scores[kept], classes[kept]


def ultralytics_nms(tensor, multi):
    # A time limit that it does not reach, so that it does not stop early.
    (found,) = non_max_suppression(
        tensor, given["conf"], IOU, multi_label=multi, max_det=MAX_DETECTIONS, max_time_img=1e9
    )
    return found[:, :4], found[:, 4], found[:, 5]


RUNS = {
    "torchvision nms, offsets": torchvision_offsets,
    "torchvision batched_nms": torchvision_batched,
    "OpenCV NMSBoxes": lambda tensor, multi: opencv(tensor, multi, False),
    "OpenCV NMSBoxesBatched": lambda tensor, multi: opencv(tensor, multi, True),
    "Ultralytics": ultralytics_nms,
}


def load(file, dims, objectness, conf):
    tensor = torch.from_numpy(np.fromfile(file, dtype=np.float32).reshape(dims))
    # Ultralytics knows no objectness: it gets the products, and its own layout, for nothing.
    columns = torch.cat((tensor[..., :4], tensor[..., 5:] * tensor[..., 4:5]), 2).mT.contiguous() if objectness else tensor
    written = {run: columns if run == "Ultralytics" else tensor for run in RUNS}
    given.clear()
    given.update(written=written, own={run: each.clone() for run, each in written.items()}, objectness=objectness, conf=conf)


def turn(run, multi, calls, ms):
    """Calls of one contender, each after its copy of the output was written, which is not timed."""
    own, written = given["own"][run], given["written"][run]
    taken = []
    while len(taken) < calls and sum(taken) < ms:
        own.copy_(written)
        start = time.perf_counter()
        boxes, scores, classes = RUNS[run](own, multi)
        taken.append((time.perf_counter() - start) * 1000)
    return {"ms": taken, "kept": len(scores), "sum": float(np.asarray(scores, dtype=np.float64).sum())}


def time_nms(boxes, scores, classes, iou):
    """batched_nms alone, of candidates that lie in files."""
    read = lambda name, kind: torch.from_numpy(np.fromfile(name, dtype=kind))
    boxes, scores, classes = read(boxes, np.float32).reshape(-1, 4), read(scores, np.float32), read(classes, np.int64)
    start = time.perf_counter()
    kept = torchvision.ops.batched_nms(boxes, scores, classes, iou)
    return {"ms": (time.perf_counter() - start) * 1000, "kept": len(kept), "sum": float(scores[kept].double().sum())}


modules = {"torch": torch, "torchvision": torchvision, "opencv": cv2, "ultralytics": ultralytics}
print(json.dumps({"versions": {name: module.__version__ for name, module in modules.items()}}), flush=True)
with torch.no_grad():
    for line in sys.stdin:
        asked = json.loads(line)
        if "load" in asked:
            load(**asked["load"])
            answer = {}
        elif "nms" in asked:
            answer = time_nms(**asked["nms"])
        else:
            answer = turn(**asked)
        print(json.dumps(answer), flush=True)
