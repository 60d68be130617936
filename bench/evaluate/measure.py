"""Times one evaluator on a COCO truth and results file, once, as JSON: seconds of loading and of evaluating, CPU seconds of
everything (cpu) and of the evaluation (work), peak memory in MiB, and the numbers.

python measure.py pycocotools|faster-coco-eval|hotcoco|ultrafast-pycocotools TRUTH RESULTS
"""

import contextlib
import io
import json
import resource
import sys
import time

evaluator, truth, results = sys.argv[1:]
if evaluator == "pycocotools":
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval
elif evaluator == "hotcoco":
    from hotcoco import COCO, COCOeval
elif evaluator == "ultrafast-pycocotools":
    from ultrafast_pycocotools.coco import COCO
    from ultrafast_pycocotools.cocoeval import COCOeval
else:
    from faster_coco_eval import COCO
    from faster_coco_eval import COCOeval_faster as COCOeval

with contextlib.redirect_stdout(io.StringIO()):
    start = time.perf_counter()
    dataset = COCO(truth)
    detections = dataset.loadRes(results) if hasattr(dataset, "loadRes") else dataset.load_res(results)
    loaded = time.perf_counter()
    work = time.process_time()
    evaluation = COCOeval(dataset, detections, "bbox")
    evaluation.evaluate()
    evaluation.accumulate()
    evaluation.summarize()
    end = time.perf_counter()
    work = time.process_time() - work

memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
numbers = [float(value) for value in evaluation.stats[:12]]
times = {"load": loaded - start, "evaluate": end - loaded, "work": work, "cpu": time.process_time()}
print(json.dumps({**times, "memory": memory, "numbers": numbers}))
