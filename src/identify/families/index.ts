import type { Recogniser } from '../recognition.js';
import { anchors } from './anchors.js';
import { centernet } from './centernet.js';
import { classicSsd } from './classic-ssd.js';
import { detr } from './detr.js';
import { distribution } from './distribution.js';
import { openmmlab } from './openmmlab.js';
import { paddle } from './paddle.js';
import { rcnnZoo } from './rcnn-zoo.js';
import { ultralytics } from './ultralytics.js';

/** Every family, in the order in which they are tried: those that metadata or names give away before those of shapes. */
export const families: readonly Recogniser[] = [
  ultralytics,
  detr,
  paddle,
  openmmlab,
  rcnnZoo,
  distribution,
  classicSsd,
  anchors,
  centernet,
];
