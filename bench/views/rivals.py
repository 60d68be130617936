"""SAHI and supervision's InferenceSlicer on a folder of large pictures, with an ONNX file of Ultralytics' YOLOv8 form.

    python bench/views/rivals.py MODEL.onnx FOLDER OUT TILE WAY [WAY ...]      WAY: sahi-GREEDYNMM-IOS, sahi-NMS-IOU, supervision ...

Writes COCO results to OUT/WAY-TILE.json, and prints CPU seconds, megapixels and peak memory.
"""
import json
import os
import resource
import sys
import time

import cv2
import numpy as np
import onnxruntime

FLOOR, NMS_IOU, OVERLAP = 0.05, 0.7, 0.2


class Model:
    def __init__(self, path):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        self.input = self.session.get_inputs()[0].name

    def __call__(self, rgb):
        """[n, 6]: xyxy in pixels, score, class"""
        height, width = rgb.shape[:2]
        scale = min(640 / width, 640 / height)
        w, h = round(width * scale), round(height * scale)
        resized = rgb if (w, h) == (width, height) else cv2.resize(rgb, (w, h), interpolation=cv2.INTER_LINEAR)
        top, left = round((640 - h) / 2 - 0.1), round((640 - w) / 2 - 0.1)
        canvas = np.full((640, 640, 3), 114, np.uint8)
        canvas[top : top + h, left : left + w] = resized
        tensor = (canvas.transpose(2, 0, 1)[None] / np.float32(255)).astype(np.float32)
        output = self.session.run(None, {self.input: tensor})[0][0].T
        scores = output[:, 4:]
        classes = scores.argmax(1)
        best = scores[np.arange(len(scores)), classes]
        keep = best >= FLOOR
        boxes, best, classes = output[keep, :4], best[keep], classes[keep]
        xyxy = np.concatenate([boxes[:, :2] - boxes[:, 2:] / 2, boxes[:, :2] + boxes[:, 2:] / 2], 1)
        offset = xyxy + (classes * 7680)[:, None]
        xywh = np.concatenate([offset[:, :2], offset[:, 2:] - offset[:, :2]], 1)
        kept = np.array(cv2.dnn.NMSBoxes(xywh.tolist(), best.tolist(), 0.0, NMS_IOU), int).reshape(-1)
        xyxy = (xyxy[kept] - [left, top, left, top]) / scale
        xyxy = np.clip(xyxy, 0, [width, height, width, height])
        return np.concatenate([xyxy, best[kept, None], classes[kept, None]], 1)


def sahi_way(model, tile, kind, metric):
    from sahi.models.base import DetectionModel
    from sahi.predict import get_sliced_prediction
    from sahi.prediction import ObjectPrediction

    class Wrapped(DetectionModel):
        def load_model(self):
            self.model = model

        def check_dependencies(self, *_):
            pass

        def set_model(self, model):
            self.model = model

        @property
        def category_names(self):
            return [str(i) for i in range(80)]

        def perform_inference(self, image):
            self._original_predictions = [self.model(image)]

        def _create_object_prediction_list_from_original_predictions(self, shift_amount_list=None, full_shape_list=None):
            shift = (shift_amount_list or [[0, 0]])[0]
            full = (full_shape_list or [None])[0]
            if isinstance(shift, int):
                shift = shift_amount_list
                full = full_shape_list
            self._object_prediction_list_per_image = [
                [
                    ObjectPrediction(
                        bbox=row[:4].tolist(), score=float(row[4]), category_id=int(row[5]), category_name=str(int(row[5])),
                        shift_amount=list(shift), full_shape=full,
                    )
                    for row in self._original_predictions[0]
                    if row[2] > row[0] and row[3] > row[1]
                ]
            ]

    wrapped = Wrapped(model_path="-", confidence_threshold=FLOOR, category_mapping={str(i): str(i) for i in range(80)})
    wrapped.load_model()

    def detect(rgb):
        result = get_sliced_prediction(
            rgb, wrapped, slice_height=tile, slice_width=tile, overlap_height_ratio=OVERLAP, overlap_width_ratio=OVERLAP,
            postprocess_type=kind, postprocess_match_metric=metric, postprocess_match_threshold=0.5, verbose=0,
        )
        rows = [[*p.bbox.to_xyxy(), p.score.value, p.category.id] for p in result.object_prediction_list]
        return np.array(rows, float).reshape(-1, 6)

    return detect


def supervision_way(model, tile):
    import supervision

    def callback(rgb):
        found = model(rgb)
        return supervision.Detections(
            xyxy=found[:, :4].astype(np.float32), confidence=found[:, 4].astype(np.float32), class_id=found[:, 5].astype(int)
        )

    overlap = int(round(tile * OVERLAP))
    slicer = supervision.InferenceSlicer(callback=callback, slice_wh=(tile, tile), overlap_wh=(overlap, overlap), thread_workers=1)

    def detect(rgb):
        found = slicer(rgb)
        return np.concatenate([found.xyxy, found.confidence[:, None], found.class_id[:, None]], 1).astype(float)

    return detect


def main(model_path, folder, out, tile, *ways):
    cv2.setNumThreads(1)
    tile = int(tile)
    model = Model(model_path)
    truth = json.load(open(os.path.join(folder, "instances.json")))
    categories = sorted(category["id"] for category in truth["categories"])
    for way in ways:
        name, *parts = way.split("-")
        detect = supervision_way(model, tile) if name == "supervision" else sahi_way(model, tile, *parts)
        results, pixels = [], 0
        started = time.process_time()
        for image in truth["images"]:
            rgb = cv2.cvtColor(cv2.imread(os.path.join(folder, "images", image["file_name"])), cv2.COLOR_BGR2RGB)
            pixels += rgb.shape[0] * rgb.shape[1]
            for x1, y1, x2, y2, score, label in detect(rgb):
                box = [x1, y1, x2 - x1, y2 - y1]
                results.append({"image_id": image["id"], "category_id": categories[int(label)], "bbox": box, "score": score})
        seconds = time.process_time() - started
        os.makedirs(out, exist_ok=True)
        json.dump(results, open(os.path.join(out, f"{way}-{tile}.json"), "w"))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{way} {tile}: {seconds:.1f} CPU s, {pixels / 1e6:.0f} MP, {seconds / pixels * 1e6:.3f} s/MP, peak {peak:.0f} MiB")


main(*sys.argv[1:])
