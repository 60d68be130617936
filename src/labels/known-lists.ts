import { COCO } from './lists/coco.js';

/** A data set's class names, in the order in which detectors number them. */
export interface KnownList {
  name: string;
  labels: readonly string[];
}

/** Data sets whose number of classes tells them: no two of them have the same. */
export const KNOWN_LISTS: readonly KnownList[] = [{ name: 'COCO', labels: COCO }];
