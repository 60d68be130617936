"""The example's ML backend, asked by a real Label Studio on loopback.

    python -m venv venv && venv/bin/pip install label-studio
    venv/bin/python test/foreign/label-studio-backend.py

Starts Label Studio and examples/label-studio-backend with the built sigbox (npm run build), connects the backend to a project,
uploads a sample and has Label Studio retrieve predictions. Exit status 1 when the boxes are not those of sigbox detect.
No part of npm test: Label Studio is 1 GB of Python.
"""

import importlib.util
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request
import uuid
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
spec = importlib.util.spec_from_file_location("label_studio", HERE / "label-studio.py")
common = importlib.util.module_from_spec(spec)
spec.loader.exec_module(common)
expect = common.expect
CONFIGURATION = """<View><Image name="image" value="$image"/><RectangleLabels name="label" toName="image" choice="multiple">
<Label value="car"/><Label value="person"/><Label value="bus"/></RectangleLabels></View>"""


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def start_backend(folder: Path, studio: str) -> tuple[subprocess.Popen, str]:
    """The example in a folder of its own, with this project as its sigbox."""
    backend = folder / "backend"
    shutil.copytree(ROOT / "examples/label-studio-backend", backend)
    (backend / "node_modules").mkdir()
    (backend / "node_modules/sigbox").symlink_to(ROOT)
    (backend / "node_modules/saxes").symlink_to(ROOT / "node_modules/saxes")
    port = free_port()
    environment = {**os.environ, "PORT": str(port), "LABEL_STUDIO_URL": studio, "LABEL_STUDIO_API_KEY": common.TOKEN}
    return subprocess.Popen(["node", "server.mjs"], cwd=backend, env=environment), f"http://127.0.0.1:{port}"


def upload(studio, project: int, image: Path) -> None:
    boundary = uuid.uuid4().hex
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{image.name}"\r\n'
    body = (head + "Content-Type: image/jpeg\r\n\r\n").encode() + image.read_bytes() + f"\r\n--{boundary}--\r\n".encode()
    headers = {"Authorization": f"Token {common.TOKEN}", "Content-Type": f"multipart/form-data; boundary={boundary}"}
    request = urllib.request.Request(f"{studio.url}/api/projects/{project}/import", data=body, headers=headers)
    urllib.request.urlopen(request, timeout=60).read()


def predictions(studio, project: int) -> list:
    for _ in range(120):
        tasks = json.loads(studio.get(f"/api/tasks?project={project}&fields=all"))["tasks"]
        if tasks and tasks[0]["predictions"]:
            return tasks[0]["predictions"][0]["result"]
        if tasks:  # as "Retrieve Predictions" does it
            ids = {"selectedItems": {"all": True, "excluded": []}, "filters": {"conjunction": "and", "items": []}}
            studio.post(f"/api/dm/actions?id=retrieve_tasks_predictions&project={project}", ids)
        time.sleep(1)
    expect(False, "Label Studio got no predictions")


def main() -> None:
    # The backend is on loopback, which Label Studio reaches only if its settings allow it.
    os.environ.update(ML_BLOCK_LOCAL_IP="false", USE_DEFAULT_BANNED_SUBNETS="false")
    with tempfile.TemporaryDirectory() as name, common.LabelStudio(Path(name)) as studio:
        process, url = start_backend(Path(name), studio.url)
        try:
            project = studio.post("/api/projects", {"title": "backend", "label_config": CONFIGURATION})["id"]
            time.sleep(3)  # the model is being loaded
            added = studio.post("/api/ml", {"project": project, "url": url, "title": "sigbox"})
            print("connected:", added.get("state"), added.get("model_version"))
            upload(studio, project, ROOT / "samples/street.jpg")
            result = predictions(studio, project)
        finally:
            process.terminate()
        found = sorted(label for region in result for label in region["value"]["rectanglelabels"])
        expect(found == ["bus", "car", "car", "person", "person"], f"labels {found}")
        print("predictions of", len(result), "regions:", ", ".join(found))


if __name__ == "__main__":
    main()
