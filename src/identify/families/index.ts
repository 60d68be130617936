import type { Recogniser } from '../recognition.js';
import { detr } from './detr.js';
import { ultralytics } from './ultralytics.js';

/** Every family, in the order in which they are tried: those that metadata or names give away before those of shapes. */
export const families: readonly Recogniser[] = [ultralytics, detr];
