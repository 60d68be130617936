"""Reads what sigbox writes with readers that are not its own, and compares counts and boxes with its results.

    pip install -r test/foreign/requirements.txt
    python test/foreign/check.py [FOLDER OF IMAGES ...]

The built sigbox (npm run build) annotates each folder, and one of its own making whose images have hostile names, in
every format. Every reader must find the images that the format holds, and in each the labels and boxes that are in
unfiltered.jsonl over the run's score. Prints a line per folder and reader; the exit status is 1 when any disagrees.
"""

import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unicodedata
from importlib.metadata import version
from pathlib import Path

from readers import CONFIDENT, READERS

ROOT = Path(__file__).resolve().parents[2]
SIGBOX = ["node", str(ROOT / "dist/cli/main.js")]
FORMATS = "coco,coco-results,yolo,voc,cvat,label-studio,labelme,csv,jsonl"

NAMES = [
    "plain.jpg",
    "two words.jpg",
    "-dash.jpg",
    "quote\"s and 'apostrophes'.jpg",
    "a&b<c>d.jpg",
    "100% #1?.jpg",
    unicodedata.normalize("NFC", "caf\u00e9.jpg"),
    unicodedata.normalize("NFD", "caf\u00e9.jpg"),
    "\u8eca \U0001f697.jpg",
    "a..b.jpg",
    "UPPER.JPG",
    "line\nbreak.jpg",
    "back\\slash.jpg",
    "twin.jpg",
    "twin.png",
    "sub/plain.jpg",
    "sub/images/plain.jpg",
    "dir.jpg/inside.jpg",
]


def hostile_folder(folder: Path) -> Path:
    samples = sorted((ROOT / "samples").glob("*.jpg"))
    for i, name in enumerate(NAMES):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(samples[i % len(samples)], folder / name)
    return folder


def annotate(images: Path, out: Path) -> tuple[dict, dict]:
    """Results by image, as (label, box, score), and the names that each format leaves out."""
    command = [*SIGBOX, "annotate", str(images), "--out", str(out), "--no-pictures", "--json", "--format", FORMATS]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode not in (0, 3):
        sys.exit(f"{' '.join(command)}: {done.stderr}")
    end = json.loads(done.stdout.splitlines()[-1])
    export = [*SIGBOX, "export", str(out), "--out", str(out / CONFIDENT), "--format", "yolo", "--confidence"]
    confident = subprocess.run(export, capture_output=True, text=True)
    if confident.returncode not in (0, 3):
        sys.exit(f"{' '.join(export)}: {confident.stderr}")
    left_out = {}
    for failure in end["summary"]["failures"]:
        name, _, reason = failure["message"].removeprefix("left out of ").partition(": ")
        left_out.setdefault(name, {})[failure["image"]] = reason
    threshold = json.loads((out / "run.json").read_text())["thresholds"]["scoreThreshold"]
    results = {}
    for line in (out / "unfiltered.jsonl").read_text().split("\n"):
        if line:
            result = json.loads(line)
            results[result["image"]] = [
                (label["label"], detection["box"], label["score"])
                for detection in result["detections"]
                for label in detection["labels"]
                if label["score"] >= threshold
            ]
    return results, left_out


def difference(found: dict, ours: dict, tolerance: float) -> str | None:
    """The first thing in which what was read differs. Rows are compared in order of label, then box."""
    if found.keys() != ours.keys():
        return f"images {sorted(found.keys() ^ ours.keys())[:3]}"
    for image, rows in ours.items():
        key = lambda row: (row[0], [round(edge) for edge in row[1]], row[1])
        a, b = sorted(rows, key=key), sorted(found[image], key=key)
        if len(a) != len(b):
            return f"{image!r}: {len(b)} boxes, not {len(a)}"
        for one in a:
            same = [other for other in b if other[0] == one[0] and close(one, other, tolerance)]
            if not same:
                return f"{image!r}: no {one}"
            b.remove(same[0])
    return None


def close(one: tuple, other: tuple, tolerance: float) -> bool:
    near = all(abs(x - y) <= tolerance for x, y in zip(one[1], other[1]))
    return near and (other[2] is None or abs(one[2] - other[2]) <= 1e-6)


def main() -> int:
    failed = 0
    with tempfile.TemporaryDirectory() as temporary:
        folders = [Path(argument).resolve() for argument in sys.argv[1:]]
        for i, images in enumerate([*folders, hostile_folder(Path(temporary) / "hostile names")]):
            out = Path(temporary) / f"out {i}"
            results, left_out = annotate(images, out)
            for package, name, read, tolerance in READERS:
                refused = left_out.get(name, {})
                ours = {image: rows for image, rows in results.items() if image not in refused}
                with contextlib.redirect_stdout(io.StringIO()):  # they tell their progress
                    found = read(out, images, sorted(ours))
                wrong = difference(found, ours, tolerance)
                failed += wrong is not None
                count = sum(map(len, ours.values()))
                told = f"{len(ours)} images, {count} boxes, {len(refused)} left out"
                kind = f"{name} --confidence" if "confidence" in read.__name__ else name
                print(f"{images.name}: {kind} read by {package} {version(package)}: {wrong or 'same'} ({told})")
    return 1 if failed else 0


if __name__ == "__main__":
    os.environ.update(YOLO_VERBOSE="False", LOGURU_LEVEL="WARNING")
    sys.exit(main())
