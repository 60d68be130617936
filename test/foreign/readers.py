"""The readers: each gives labels, boxes and scores by image, from the folder that sigbox has written.

A row is (label, [x1, y1, x2, y2] in pixels, score or None where the reader does not give it).
"""

import json
import os
import shutil
from pathlib import Path
from xml.etree import ElementTree

# Folder of the run in which YOLO's lines have the score as a sixth number.
CONFIDENT = "confident"
Rows = dict[str, list[tuple[str, list[float], float | None]]]


def pycocotools_dataset(out: Path, images: Path, names: list[str]) -> Rows:
    from pycocotools.coco import COCO

    return coco_rows(COCO(str(out / "coco.json")))


def pycocotools_results(out: Path, images: Path, names: list[str]) -> Rows:
    from pycocotools.coco import COCO

    return coco_rows(COCO(str(out / "coco.json")).loadRes(str(out / "coco-results.json")))


def coco_rows(coco) -> Rows:
    found = {}
    for image in coco.loadImgs(coco.getImgIds()):
        rows = coco.loadAnns(coco.getAnnIds(imgIds=[image["id"]]))
        found[image["file_name"]] = [
            (coco.cats[row["category_id"]]["name"], xyxy(*row["bbox"]), row["score"]) for row in rows
        ]
    return found


def xyxy(x: float, y: float, width: float, height: float) -> list[float]:
    return [x, y, x + width, y + height]


def supervision_coco(out: Path, images: Path, names: list[str]) -> Rows:
    import supervision

    dataset = supervision.DetectionDataset.from_coco(str(images), str(out / "coco.json"))
    return supervision_rows(dataset, images.resolve())


def supervision_rows(dataset, images: Path) -> Rows:
    return {
        Path(os.path.relpath(path, images)).as_posix(): [
            (dataset.classes[class_id], [float(edge) for edge in box], None)
            for class_id, box in zip(detections.class_id, detections.xyxy)
        ]
        for path, detections in dataset.annotations.items()
    }


def by_folder(out: Path, images: Path, names: list[str], read) -> Rows:
    """supervision looks at one folder at a time, and at whatever images lie there: those of `names` are put there."""
    found = {}
    for folder in sorted({os.path.dirname(name) for name in names}):
        place = out / "one folder"
        place.mkdir()
        for name in names:
            if os.path.dirname(name) == folder:
                os.symlink(images / name, place / os.path.basename(name))
        rows = supervision_rows(read(str(place), folder), place)
        found.update({os.path.join(folder, name): row for name, row in rows.items()})
        shutil.rmtree(place)
    return found


def supervision_yolo(out: Path, images: Path, names: list[str]) -> Rows:
    import supervision

    def read(place: str, folder: str):
        labels = yolo_labels(out, f"{folder}/")
        return supervision.DetectionDataset.from_yolo(place, str(labels), str(out / "yolo/data.yaml"))

    return by_folder(out, images, names, read)


def yolo_labels(out: Path, name: str) -> Path:
    """Where the labels of an image, or of a folder of images, are: the last folder called images becomes labels."""
    before, _, after = f"/images/{name}".rpartition("/images/")
    return out / "yolo" / f"{before}/labels/{after}".lstrip("/")


def supervision_yolo_confidence(out: Path, images: Path, names: list[str]) -> Rows:
    return supervision_yolo(out / CONFIDENT, images, names)


def globox_yolo_confidence(out: Path, images: Path, names: list[str]) -> Rows:
    import yaml
    from globox import Annotation
    from PIL import Image

    classes = yaml.safe_load((out / CONFIDENT / "yolo/data.yaml").read_text())["names"]
    found = {}
    for name in names:
        labels = yolo_labels(out / CONFIDENT, name).with_suffix(".txt")
        with Image.open(images / name) as image:
            annotation = Annotation.from_yolo_v5(labels, image_size=image.size, image_id=name)
        found[name] = [(classes[int(box.label)], list(box.ltrb), box.confidence) for box in annotation.boxes]
    return found


def globox_voc(out: Path, images: Path, names: list[str]) -> Rows:
    from globox import Annotation

    found = {}
    for path in (out / "voc/Annotations").rglob("*.xml"):
        annotation = Annotation.from_pascal_voc(path)
        name = (path.parent / Path(annotation.image_id).name).relative_to(out / "voc/Annotations").as_posix()
        # It takes VOC's pixels, counted from 1, for edges.
        found[name] = [(box.label, [x1 - 1, y1 - 1, x2, y2], None) for box in annotation.boxes for x1, y1, x2, y2 in [box.ltrb]]
    return found


def supervision_voc(out: Path, images: Path, names: list[str]) -> Rows:
    import supervision

    def read(place: str, folder: str):
        return supervision.DetectionDataset.from_pascal_voc(place, str(out / "voc/Annotations" / folder))

    return by_folder(out, images, names, read)


def ultralytics_yolo(out: Path, images: Path, names: list[str]) -> Rows:
    from ultralytics.data.dataset import YOLODataset
    from ultralytics.data.utils import check_det_dataset

    put(images, names, out / "yolo/images")
    data = check_det_dataset(str(out / "yolo/data.yaml"), autodownload=False)
    dataset = YOLODataset(img_path=data["train"], data=data, task="detect", augment=False)
    found = {}
    for label in dataset.labels:
        height, width = label["shape"]
        name = Path(os.path.relpath(label["im_file"], out / "yolo/images")).as_posix()
        found[name] = [
            (data["names"][int(class_id)], corners(box, width, height), None)
            for class_id, box in zip(label["cls"][:, 0], label["bboxes"].astype(float))
        ]
    return found


def put(images: Path, names: list[str], folder: Path) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        os.symlink(images / name, folder / name)


def corners(box, width: int, height: int) -> list[float]:
    x, y, w, h = box
    return [(x - w / 2) * width, (y - h / 2) * height, (x + w / 2) * width, (y + h / 2) * height]


def datumaro_cvat(out: Path, images: Path, names: list[str]) -> Rows:
    from datumaro.components.annotation import AnnotationType
    from datumaro.plugins.data_formats.cvat.base import CvatBase

    place = out / "cvat"
    place.mkdir()
    os.symlink(images, place / "images")
    shutil.copyfile(out / "cvat.xml", place / "annotations.xml")
    dataset = CvatBase(str(place / "annotations.xml"))  # its store would take two images of one stem for one
    labels = dataset.categories()[AnnotationType.label]
    # datumaro makes slashes of backslashes in names: its frames are numbered as the file's images are.
    written = [image.get("name") for image in ElementTree.parse(out / "cvat.xml").getroot().iter("image")]
    found = {}
    for item in dataset:
        rows = [(labels[box.label].name, xyxy(*box.get_bbox()), box.attributes["score"]) for box in item.annotations]
        found[written[item.attributes["frame"]]] = rows
    return found


def label_studio(out: Path, images: Path, names: list[str]) -> Rows:
    from label_studio_sdk.label_interface import LabelInterface

    interface = LabelInterface((out / "label-studio.xml").read_text())
    interface.validate()
    found = {}
    for task in json.loads((out / "label-studio.json").read_text()):
        for prediction in task["predictions"]:
            errors = interface.validate_prediction(prediction, return_errors=True)
            assert not errors, f"{task['data']['file_name']!r}: {errors}"
        found[task["data"]["file_name"]] = [
            row for prediction in task["predictions"] for region in prediction["result"] for row in region_rows(region)
        ]
    return found


def region_rows(region: dict):
    value = region["value"]
    width, height = region["original_width"], region["original_height"]
    x, y, w, h = (value[side] / 100 for side in ("x", "y", "width", "height"))
    box = xyxy(x * width, y * height, w * width, h * height)
    scores = region.get("meta", {}).get("scores", [region["score"]])
    return [(label, box, score) for label, score in zip(value["rectanglelabels"], scores)]


def labelme(out: Path, images: Path, names: list[str]) -> Rows:
    from labelme._label_file import LabelFile

    found = {}
    put(images, names, out / "labelme")
    for path in sorted((out / "labelme").rglob("*.json")):
        file = LabelFile(str(path))
        name = (path.parent / file.image_path).relative_to(out / "labelme").as_posix()
        found[name] = [
            (shape["label"], [*shape["points"][0], *shape["points"][1]], shape["other_data"]["score"])
            for shape in file.shapes
        ]
    return found


# package, format, reader, pixels by which edges may differ: float32 arithmetic of the readers, whole pixels of VOC
READERS = [
    ("pycocotools", "coco", pycocotools_dataset, 1e-2),
    ("pycocotools", "coco-results", pycocotools_results, 1e-2),
    ("supervision", "coco", supervision_coco, 1e-2),
    ("ultralytics", "yolo", ultralytics_yolo, 1e-2),
    ("supervision", "yolo", supervision_yolo, 1e-2),
    ("globox", "yolo", globox_yolo_confidence, 1e-2),
    ("supervision", "yolo", supervision_yolo_confidence, 1e-2),
    ("supervision", "voc", supervision_voc, 1),
    ("globox", "voc", globox_voc, 1),
    ("datumaro", "cvat", datumaro_cvat, 1e-2),
    ("label-studio-sdk", "label-studio", label_studio, 1e-2),
    ("labelme", "labelme", labelme, 1e-2),
]
