import type { Recogniser } from '../recognition.js';
import { anchors } from './anchors.js';
import { centernet } from './centernet.js';
import { classicSsd } from './classic-ssd.js';
import { detr } from './detr.js';
import { distribution } from './distribution.js';
import { openmmlab } from './openmmlab.js';
import { paddle } from './paddle.js';
import { rcnnZoo } from './rcnn-zoo.js';
import { rfDetr } from './rf-detr.js';
import { rtDetr } from './rt-detr.js';
import { tensorflow } from './tensorflow.js';
import { torchvision } from './torchvision.js';
import { ultralytics } from './ultralytics.js';

/** Every family, in the order in which they are tried: those that metadata or names give away before those of shapes. */
export const families: readonly Recogniser[] = [
  ultralytics,
  detr,
  rfDetr,
  rtDetr,
  tensorflow,
  paddle,
  openmmlab,
  rcnnZoo,
  torchvision,
  distribution,
  classicSsd,
  anchors,
  centernet,
];
