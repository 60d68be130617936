import { reason, SigboxError } from '../../errors.js';
import type { Remark } from '../../types/annotations.js';

/** What a remark says of one thing, and of several. */
const KINDS = {
  'not-a-box': ['entry is not a labelled box: skipped', 'entries are not labelled boxes: skipped'],
  malformed: ['entry is malformed: skipped', 'entries are malformed: skipped'],
  'not-annotated': ['task has no finished annotation: skipped', 'tasks have no finished annotation: skipped'],
  predictions: ['task has predictions only: they were read', 'tasks have predictions only: they were read'],
  'several-annotations': [
    'task has several annotations: the one marked as ground truth, or else the first, was read',
    'tasks have several annotations: of each the one marked as ground truth, or else the first, was read',
  ],
  'unreadable-image': ['image cannot be read: skipped', 'images cannot be read: skipped'],
  'missing-image': ['image is missing: skipped', 'images are missing: skipped'],
  'unreadable-file': ['file cannot be read: skipped', 'files cannot be read: skipped'],
  'other-file': ['file is of another kind: skipped', 'files are of another kind: skipped'],
  'no-label-files': [
    'image, and no label file for it: it counts as one without boxes',
    'images, and no label file for any of them: they count as images without boxes',
  ],
  'unused-label-files': ['label file has no image: skipped', 'label files have no image: skipped'],
  'not-normalised': [
    'line has coordinates outside the image, as if they were pixels: skipped',
    'lines have coordinates outside the image, as if they were pixels: skipped',
  ],
  'track-ids': ['line ends with a track id: it is not a score', 'lines end with a track id: these are not scores'],
  'key-points': [
    'line has key points behind its box, by their values: only the box was read',
    'lines have key points behind their boxes, by their values: only the boxes were read',
  ],
  'first-pixel-0': [
    'box: edges taken as they are, pixels counted from 0; --first-pixel 1 if not',
    'boxes: edges taken as they are, pixels counted from 0; --first-pixel 1 if not',
  ],
  'first-pixel-1': [
    'box: pixels taken as counted from 1, as in VOC itself; --first-pixel 0 if not',
    'boxes: pixels taken as counted from 1, as in VOC itself; --first-pixel 0 if not',
  ],
  encoding: [
    'file is not UTF-8: its encoding was detected from its letters (--encoding)',
    'files are not UTF-8: their encodings were detected from their letters (--encoding)',
  ],
  'name-from-file': [
    'image has no name: it got that of its file',
    'images have no name: they got those of their files',
  ],
  'windows-name': ['image name has backslashes: read as folders', 'image names have backslashes: read as folders'],
  'outside-name': ['image name leads out of its folder: shortened', 'image names lead out of their folder: shortened'],
  'same-name': ['image has the name of another', 'images have the names of others'],
  'image-id': [
    'image shares its id with another, so its annotations cannot be told apart: skipped',
    'images share their id with another, so their annotations cannot be told apart: skipped',
  ],
  orphan: [
    'annotation is of an image or a category that the file does not list: skipped',
    'annotations are of images or categories that the file does not list: skipped',
  ],
  'same-category': [
    'category has the name of another: both are one label',
    'categories have the name of another: those of one name are one label',
  ],
  'unlisted-action': [
    'line has an action that the list of actions lacks: skipped',
    'lines have actions that the list of actions lacks: skipped',
  ],
  'no-header': ['column header is missing: columns were taken in the usual order', 'column headers are missing'],
} as const satisfies Record<string, readonly [one: string, many: string]>;

export type RemarkKind = keyof typeof KINDS;

/** Counts what a reader skips or assumes, so that it never refuses a whole data set for one odd entry. */
export class Remarks {
  readonly #found = new Map<RemarkKind, { count: number; example: string; error?: SigboxError }>();

  /** @param example  where it was, and what was there; the first of a kind is told */
  add(kind: RemarkKind, example: string, count = 1): void {
    const known = this.#found.get(kind);
    if (known === undefined) this.#found.set(kind, { count, example });
    else known.count += count;
  }

  /** What is read; null, and a remark, where it is not as its format has it. Other errors are thrown on. */
  attempt<T>(read: () => T, kind: RemarkKind = 'malformed'): T | null {
    try {
      return read();
    } catch (error) {
      this.#caught(error, kind);
      return null;
    }
  }

  /** The same of what takes its time. */
  async attemptLater<T>(read: () => Promise<T>, kind: RemarkKind): Promise<T | null> {
    try {
      return await read();
    } catch (error) {
      this.#caught(error, kind);
      return null;
    }
  }

  #caught(error: unknown, kind: RemarkKind): void {
    if (!(error instanceof SigboxError) || error.code === 'E_ARGUMENT') throw error;
    this.add(kind, reason(error).replace(/\.$/, ''));
    this.#found.get(kind)!.error ??= error;
  }

  /** The first error of those that were passed over. */
  get error(): SigboxError | undefined {
    return [...this.#found.values()].find(({ error }) => error !== undefined)?.error;
  }

  get list(): Remark[] {
    return [...this.#found].map(([kind, { count, example }]) => {
      const isExample = count > 1 && !kind.startsWith('first-pixel');
      const message = `${count} ${KINDS[kind][count === 1 ? 0 : 1]} (${isExample ? 'for example ' : ''}${example})`;
      return { kind, count, example, message };
    });
  }
}
