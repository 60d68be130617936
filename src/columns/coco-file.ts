import type { Id } from '../text/json-scan/entry.js';
import type { BoxColumns } from './box-columns.js';

/** A COCO dataset: annotations as columns, images and categories as objects. */
export interface CocoFile {
  images: CocoImage[];
  categories: CocoCategory[];
  annotations: BoxColumns;
}

export interface CocoImage {
  id: Id;
  /** LVIS has no names but URLs, which end in one. */
  name: string | null;
  /** Pixels; 0: the file does not say. */
  width: number;
  height: number;
  /** LVIS: categories that were looked for and not found, and those not annotated exhaustively. */
  absent?: readonly Id[];
  incomplete?: readonly Id[];
  /** Other fields that were asked for, by name. */
  fields?: Readonly<Record<string, unknown>>;
}

export interface CocoCategory {
  id: Id;
  name: string;
  /** LVIS: r, c or f. */
  frequency?: string;
}

/** The end of a URL or path. */
export function lastPart(path: string | undefined): string | null {
  return path?.split('/').at(-1) ?? null;
}
