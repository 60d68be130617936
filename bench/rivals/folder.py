"""What others do with a folder of images: detect on each and write a JSON line per image.

    python3 folder.py opencv MODEL.onnx FOLDER OUT PROCESSES       the built-in model, with onnxruntime, OpenCV and numpy
    python3 folder.py ultralytics MODEL.onnx FOLDER OUT            a YOLO, with Ultralytics' predict

The first decodes, resizes and post-processes as someone would write it by hand for this model: score 0.05, IoU 0.5 per
class. PROCESSES 0: one process, onnxruntime's own threads; else so many processes with one thread each.
"""

import json
import multiprocessing
import sys
from pathlib import Path

SCORE, IOU = 0.05, 0.5


def opencv(model, folder, out, processes):
    files = sorted(str(path) for path in Path(folder).iterdir())
    with open(out, "w") as record:
        if processes == 0:
            load(model, 0)
            for line in map(detect, files):
                record.write(line)
        else:
            with multiprocessing.get_context("spawn").Pool(processes, load, (model, 1)) as pool:
                for line in pool.imap(detect, files, chunksize=4):
                    record.write(line)


def load(model, threads):
    global cv2, np, session
    import cv2
    import numpy as np
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    if threads == 1:
        cv2.setNumThreads(1)
    session = onnxruntime.InferenceSession(model, options, ["CPUExecutionProvider"])


def detect(file):
    image = cv2.imread(file)
    height, width = image.shape[:2]
    picture = cv2.cvtColor(cv2.resize(image, (300, 300)), cv2.COLOR_BGR2RGB)
    tensor = (picture.astype(np.float32) / 127.5 - 1).transpose(2, 0, 1)[None]
    logits, encodings, anchors = session.run(["class_logits", "box_encodings", "anchors"], {"images": tensor})
    scores = 1 / (1 + np.exp(-logits[0]))
    scores[:, 0] = 0  # background
    boxes = decode(encodings[0, :, 0], anchors[0]) * np.float32([width, height, width, height])
    boxes = boxes.clip(0, np.float32([width, height, width, height]))
    found = []
    for label in np.flatnonzero(scores.max(axis=0) >= SCORE):
        rows = np.flatnonzero(scores[:, label] >= SCORE)
        x1, y1, x2, y2 = boxes[rows].T
        xywh = np.stack([x1, y1, x2 - x1, y2 - y1], axis=1)
        kept = cv2.dnn.NMSBoxes(xywh.tolist(), scores[rows, label].tolist(), SCORE, IOU)
        for row in rows[np.asarray(kept, dtype=int).ravel()]:
            found.append({"box": boxes[row].tolist(), "classId": int(label), "score": float(scores[row, label])})
    return json.dumps({"image": file, "width": width, "height": height, "detections": found}) + "\n"


def decode(encodings, anchors):
    ty, tx, th, tw = encodings.T / np.float32([10, 10, 5, 5])[:, None]
    y1, x1, y2, x2 = anchors.T
    height, width = y2 - y1, x2 - x1
    y, x = ty * height + (y1 + y2) / 2, tx * width + (x1 + x2) / 2
    half_height, half_width = np.exp(th) * height / 2, np.exp(tw) * width / 2
    return np.stack([x - half_width, y - half_height, x + half_width, y + half_height], axis=1)


def ultralytics(model, folder, out):
    from ultralytics import YOLO

    with open(out, "w") as record:
        for result in YOLO(model, task="detect").predict(source=folder, stream=True, conf=SCORE, iou=IOU, verbose=False):
            height, width = result.orig_shape
            boxes = result.boxes
            found = [
                {"box": box, "classId": int(label), "score": score}
                for box, label, score in zip(boxes.xyxy.tolist(), boxes.cls.tolist(), boxes.conf.tolist())
            ]
            record.write(json.dumps({"image": result.path, "width": width, "height": height, "detections": found}) + "\n")


if __name__ == "__main__":
    way, *arguments = sys.argv[1:]
    if way == "opencv":
        opencv(*arguments[:3], int(arguments[3]))
    else:
        ultralytics(*arguments)
