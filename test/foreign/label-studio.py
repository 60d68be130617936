"""A round with a real Label Studio on loopback: import predictions, correct one, skip one, export, evaluate, tune.

    python -m venv venv && venv/bin/pip install label-studio
    venv/bin/python test/foreign/label-studio.py

The built sigbox (npm run build) annotates the samples. Label Studio, started by this script in a folder of its own, gets
the tasks that sigbox has written, with their predictions. One is accepted with a box moved, one is accepted as it is, one is
skipped. Label Studio's export, as JSON, JSON-MIN, CSV, COCO and YOLO, is then read as ground truth. Prints a line per step;
the exit status is 1 when any disagrees. No part of npm test: Label Studio is 1 GB of Python.
"""

import io
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SIGBOX = ["node", str(ROOT / "dist/cli/main.js")]
TOKEN = "0123456789abcdef0123456789abcdef01234567"


def sigbox(*args: object, status: int = 0) -> subprocess.CompletedProcess:
    done = subprocess.run([*SIGBOX, *map(str, args)], capture_output=True, text=True)
    expect(done.returncode == status, f"sigbox {args[0]}: status {done.returncode}: {done.stderr}")
    return done


def expect(holds: bool, what: str) -> None:
    if not holds:
        sys.exit(f"FAILED: {what}")


class LabelStudio:
    """The server, on a free port of loopback, with its data below a folder."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        environment = {
            **os.environ,
            "LABEL_STUDIO_BASE_DATA_DIR": str(folder / "label-studio"),
            "LABEL_STUDIO_LOCAL_FILES_SERVING_ENABLED": "true",
            "LABEL_STUDIO_LOCAL_FILES_DOCUMENT_ROOT": str(folder),
            "COLLECT_ANALYTICS": "false",
        }
        command = [Path(sys.executable).with_name("label-studio"), "start", "--no-browser", "--port", self.port]
        command += ["--internal-host", "127.0.0.1", "--username", "a@example.com", "--password", "pass12345"]
        command += ["--user-token", TOKEN, "--enable-legacy-api-token"]
        log = (folder / "label-studio.log").open("w")
        self.process = subprocess.Popen([str(word) for word in command], env=environment, stdout=log, stderr=log)

    def __enter__(self) -> "LabelStudio":
        for _ in range(600):
            try:
                self.get("/api/version")
                return self
            except OSError:
                expect(self.process.poll() is None, "Label Studio ended; see label-studio.log")
                time.sleep(0.5)
        sys.exit("FAILED: Label Studio does not answer")

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(30)

    def get(self, path: str) -> bytes:
        return self.ask("GET", path)

    def ask(self, method: str, path: str, body: object = None) -> bytes:
        headers = {"Authorization": f"Token {TOKEN}", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, headers=headers, method=method)
        with urllib.request.urlopen(request, timeout=120) as answer:
            return answer.read()

    def post(self, path: str, body: object) -> dict:
        return json.loads(self.ask("POST", path, body))


def import_tasks(studio: LabelStudio, run: Path) -> tuple[int, list[dict]]:
    config = (run / "label-studio.xml").read_text()
    project = studio.post("/api/projects", {"title": "sigbox", "label_config": config})["id"]
    tasks = json.loads((run / "label-studio.json").read_text())
    studio.post(f"/api/projects/{project}/import", tasks)
    for _ in range(120):  # the import is a job of its own
        found = json.loads(studio.get(f"/api/tasks?project={project}&fields=all"))["tasks"]
        if len(found) == len(tasks):
            return project, sorted(found, key=lambda task: task["data"]["file_name"])
        time.sleep(0.5)
    sys.exit(f"FAILED: {len(found)} of {len(tasks)} tasks were imported")


def correct(studio: LabelStudio, tasks: list[dict]) -> dict[str, list]:
    """Moves a box of the first, accepts the second, skips the third. Returns the boxes of those that count, in percent."""
    kept = {}
    for i, task in enumerate(tasks):
        result = task["predictions"][0]["result"]
        if i == 0:
            result[0]["value"]["x"] += 1
        answer = {"result": result, "was_cancelled": i == 2}
        studio.post(f"/api/tasks/{task['id']}/annotations", answer)
        if i != 2:
            kept[task["data"]["file_name"]] = [region["value"] for region in result]
    return kept


def export(studio: LabelStudio, project: int, kind: str, to: Path) -> Path:
    content = studio.get(f"/api/projects/{project}/export?exportType={kind}&download_all_tasks=true")
    if content[:2] == b"PK":
        zipfile.ZipFile(io.BytesIO(content)).extractall(to)
        return to
    to.mkdir()
    file = to / ("export.csv" if kind == "CSV" else "export.json")
    file.write_bytes(content)
    return file


def check(kind: str, given: Path, images: Path, run: Path, kept: dict, folder: Path) -> None:
    more = ["--images", images] if kind == "YOLO" else []
    out = folder / f"read-{kind}"
    done = sigbox("export", given, *more, "--format", "jsonl", "--out", out)
    lines = [json.loads(line) for line in (out / "annotations.jsonl").read_text().splitlines()]
    found = {line["image"].split("/")[-1]: line for line in lines}
    expect(set(kept) <= set(found), f"{kind}: {sorted(found)} are not {sorted(kept)}")
    boxes = {name: sum(len(region["labels"]) for region in found[name]["detections"]) for name in kept}
    expected = {name: sum(len(value["rectanglelabels"]) for value in values) for name, values in kept.items()}
    expect(boxes == expected, f"{kind}: {boxes} boxes are not {expected}")
    print(f"{kind}: {len(found)} images, {sum(boxes.values())} labels; {done.stderr.strip() or 'no remarks'}")


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (images := folder / "images").mkdir()
        for sample in sorted((ROOT / "samples").glob("*.jpg")):
            shutil.copy(sample, images)
        sigbox("annotate", images, "--out", run := folder / "run", "--format", "label-studio", "--no-pictures")
        with LabelStudio(folder) as studio:
            project, tasks = import_tasks(studio, run)
            expect(len(tasks) == 3, f"{len(tasks)} tasks instead of 3")
            kept = correct(studio, tasks)
            exports = {kind: export(studio, project, kind, folder / kind) for kind in KINDS}
        for kind, given in exports.items():
            check(kind, given, images, run, kept, folder)
        truth = exports["JSON"]
        done = sigbox("evaluate", truth, run, "--json")
        numbers = json.loads(done.stdout)
        expect(numbers["images"] == 2, f"evaluate: {numbers['images']} images instead of 2: {done.stderr}")
        expect(0.9 < numbers["coco"]["AP50"] <= 1, f"evaluate: AP50 {numbers['coco']['AP50']}")
        print(f"evaluate: AP50 {numbers['coco']['AP50']:.3f}; {done.stderr.strip()}")
        sigbox("tune", truth, run, "--out", folder / "thresholds.json", "--folds", 2)
        print("tune: thresholds.json")


KINDS = ["JSON", "JSON_MIN", "CSV", "COCO", "YOLO"]

if __name__ == "__main__":
    main()
