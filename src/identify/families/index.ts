import type { Recogniser } from '../recognition.js';
import { anchors } from './anchors.js';
import { centernet } from './centernet.js';
import { classicSsd } from './classic-ssd.js';
import { detectron2 } from './detectron2.js';
import { detr } from './detr.js';
import { distribution } from './distribution.js';
import { kerasCv } from './keras-cv.js';
import { levels } from './levels.js';
import { libreYolo } from './libreyolo.js';
import { openmmlab } from './openmmlab.js';
import { paddle } from './paddle.js';
import { partsOfDetections } from './parts-of-detections.js';
import { rcnnZoo } from './rcnn-zoo.js';
import { rfDetr } from './rf-detr.js';
import { rowsOfDetections } from './rows-of-detections.js';
import { rtDetr } from './rt-detr.js';
import { tensorflow } from './tensorflow.js';
import { torchvision } from './torchvision.js';
import { ultralytics } from './ultralytics.js';
import { yolo } from './yolo.js';
import { yoloFinished } from './yolo-finished.js';
import { yoloGrids } from './yolo-grids.js';
import { yoloMaps } from './yolo-maps.js';
import { yoloPairs } from './yolo-pairs.js';
import { yolop } from './yolop.js';
import { yolov3 } from './yolov3.js';

/** Every family, in the order in which they are tried: those that metadata or names give away before those of shapes. */
export const families: readonly Recogniser[] = [
  ultralytics,
  libreYolo,
  yolov3,
  detr,
  rfDetr,
  rtDetr,
  tensorflow,
  paddle,
  openmmlab,
  detectron2,
  rcnnZoo,
  torchvision,
  distribution,
  partsOfDetections,
  classicSsd,
  anchors,
  centernet,
  yoloGrids,
  kerasCv,
  levels,
  yoloMaps,
  yoloPairs,
  yoloFinished,
  rowsOfDetections,
  yolop,
  yolo,
];
