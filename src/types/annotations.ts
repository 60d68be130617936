/** What annotation files hold, made by hand or by a detector. */

import type { Box } from './detections.js';

/** A label that somebody, or a detector, gave a region. */
export interface AnnotatedLabel {
  label: string;
  /** In [0, 1]; absent where the file knows none, as truth does. */
  score?: number;
}

/** A region of an annotated image. */
export interface AnnotatedRegion {
  box: Box;
  /** Width and height as the file states them (COCO's bbox): x2 − x1 may miss their last bit. Default: from the box */
  size?: [width: number, height: number];
  /** At least one; highest score first where there are scores. */
  labels: AnnotatedLabel[];
  /** A crowd (COCO's iscrowd): many things of one label in one box. Default false */
  crowd?: boolean;
  /** Not to be counted for or against a detector (VOC's difficult). Default false */
  difficult?: boolean;
  /** Pixels² of the thing itself, where the file says it (COCO's area, of the mask). Default: the box's */
  area?: number;
}

/** An image with all that is marked in it, by hand or by a detector. */
export interface AnnotatedImage {
  /** Its name: the path below the folder of images, with forward slashes. */
  image: string;
  /** The number that the file knows it by, where there is one (COCO's image id). */
  id?: number;
  width: number;
  height: number;
  regions: AnnotatedRegion[];
  /** Labels that were looked for and are not there, where truth is federated (LVIS's neg_category_ids). */
  absent?: string[];
  /** Labels that were looked for in the image (Open Images' image-level labels): detections of others can't be judged. */
  verified?: VerifiedLabels;
  /** Labels of which not every instance is marked, where truth is federated (LVIS's not_exhaustive_category_ids). */
  incomplete?: string[];
}

/** Labels that somebody looked for in an image. */
export interface VerifiedLabels {
  /** They are in the image, with boxes or without. */
  present: string[];
  /** They are not. */
  absent: string[];
}

/** In up to 10, up to 100, or more images of the training set (LVIS's r, c, f). */
export type LabelFrequency = 'rare' | 'common' | 'frequent';

/** What a reader skipped or assumed, counted. */
export interface Remark {
  /** Its name, which never changes: `not-a-box`, `unreadable-image`, … */
  kind: string;
  count: number;
  /** The first one: where it was, and what was there. */
  example: string;
  /** The same in one line, for people. */
  message: string;
}

/** The content of an annotation file, or of a folder of them. */
export interface Dataset {
  /** Every label that may occur, in the file's own order. */
  labels: string[];
  /** labels.length; the file's own numbers of the labels, where it has some (COCO's category ids). */
  categoryIds?: number[];
  /** labels.length; how common each label is in the training set, where truth is federated (LVIS's frequency). */
  frequencies?: LabelFrequency[];
  images: AnnotatedImage[];
  /** Label → the labels directly below it, where the annotations come with a hierarchy (Open Images). */
  hierarchy?: Record<string, string[]>;
  /** What was skipped or assumed when it was read; absent where there is nothing to say. */
  remarks?: Remark[];
}

/** Number of an image or category in a COCO file. Some files use text. */
export type CocoId = number | string;
