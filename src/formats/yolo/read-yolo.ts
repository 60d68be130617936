import pMap from 'p-map';
import { complain } from '../../errors.js';
import { exists } from '../../files/read-file.js';
import { requireLabelBounds } from '../../labels/label-bounds.js';
import type { AnnotatedImage } from '../../types/annotations.js';
import type { Box } from '../../types/detections.js';
import type { ImageSize, ReadContext, Reader } from '../format.js';
import { malformed } from '../reading/malformed.js';
import { readTextFile } from '../reading/read-text.js';
import { joinRows, type Row } from '../rows.js';
import { type LabelLine, type LineLayout, labelledBox, lineLayoutOf, parseLabelLine } from './label-lines.js';
import { FILES_AT_ONCE, type YoloImage } from './paths.js';
import { yoloLayout } from './yolo-layout.js';

/**
 * Reads YOLO's folders of labels, found by their data.yaml, obj.data or classes.txt. A line is `class cx cy width height`,
 * with key points, a score and a track id where there are some; a polygon (`class x y x y x y …`) counts by the box around
 * it. Images without a file of labels have no regions; images that can't be read are skipped.
 *
 * Source: ultralytics.data.utils, ultralytics.engine.results.save_txt
 *
 * @throws SigboxError E_IO  no image is there, whose size is needed; no line has coordinates as YOLO has them
 */
export const readYolo: Reader = async (path, context) => {
  const { labels, images, keyPoints, unused } = await yoloLayout(path, context);
  const { remarks } = context;
  requireLabelBounds(labels.entries(), `${path}: names of classes`, { code: 'E_IO' });
  if (unused.length > 0) remarks.add('unused-label-files', unused[0]!, unused.length);
  const found = await pMap(images, (image) => readImage(image, context), { concurrency: FILES_AT_ONCE });
  const readable = found.filter((image) => image !== null);
  if (readable.length === 0 && images.length > 0 && remarks.error === undefined) throw noImages(path, images[0]!);
  if (readable.length > 0 && readable.every(({ hasLabels }) => !hasLabels)) {
    remarks.add('no-label-files', `there is no ${images[0]!.labelFile}`, readable.length);
  }
  const layout = lineLayoutOf(
    readable.flatMap(({ lines }) => lines),
    keyPoints,
    remarks,
  );
  const annotated = readable.map((image) => annotatedImage(image, { labels, layout, remarks }));
  requireShares(annotated, path, remarks);
  return { labels, images: annotated };
};

interface ReadImage extends ImageSize {
  name: string;
  hasLabels: boolean;
  lines: LabelLine[];
}

/** @returns null where it is missing, or can't be read */
async function readImage({ file, name, labelFile }: YoloImage, context: ReadContext): Promise<ReadImage | null> {
  const { remarks, imageSize } = context;
  if (!(await exists(file))) {
    remarks.add('missing-image', `${name} is not at ${file}`);
    return null;
  }
  const size = await remarks.attemptLater(() => imageSize(file), 'unreadable-image');
  if (size === null) return null;
  const there = await existing([labelFile, labelFile.replace(/\.txt$/, '.TXT')]);
  const text = there === null ? '' : await remarks.attemptLater(() => readTextFile(there, context), 'unreadable-file');
  const lines = (text ?? '').split('\n').flatMap((line, i) => {
    if (line.trim() === '') return [];
    return remarks.attempt(() => [parseLabelLine(line, `${there}: line ${i + 1}`)]) ?? [];
  });
  return { name, ...size, lines, hasLabels: there !== null };
}

async function existing(files: readonly string[]): Promise<string | null> {
  for (const file of files) if (await exists(file)) return file;
  return null;
}

interface LineContext {
  labels: readonly string[];
  layout: LineLayout;
  remarks: ReadContext['remarks'];
}

function annotatedImage(
  { name, width, height, lines }: ReadImage,
  { labels, layout, remarks }: LineContext,
): AnnotatedImage {
  const rows = lines.flatMap((line): Row[] => {
    const found = remarks.attempt(() => {
      const label = labels[line.classId];
      if (label !== undefined) return { label, labelled: labelledBox(line, layout) };
      throw malformed(line.where, `a class from 0 to ${labels.length - 1}`, line.classId);
    });
    if (found === null) return [];
    if (found.labelled === null) {
      remarks.add('not-normalised', `${line.where}: ${line.numbers.slice(0, 4).join(' ')}`);
      return [];
    }
    const { box, score } = found.labelled;
    const pixels = box.map((edge, i) => edge * (i % 2 === 0 ? width : height)) as Box;
    return [{ box: pixels, label: found.label, ...(score !== undefined && { score }) }];
  });
  return { image: name, width, height, regions: joinRows(rows) };
}

/** Lines in pixels only are another format's. */
function requireShares(images: readonly AnnotatedImage[], path: string, remarks: ReadContext['remarks']): void {
  const pixels = remarks.list.find(({ kind }) => kind === 'not-normalised');
  if (pixels === undefined || images.some(({ regions }) => regions.length > 0)) return;
  const mend = 'Divide x and width by the width of the image, y and height by its height.';
  throw malformed(path, 'coordinates from 0 to 1, as shares of the image', pixels.example, mend);
}

function noImages(path: string, { name, file }: YoloImage) {
  const mend =
    'YOLO’s files don’t contain the sizes of images: name the folder below which the images have these names (images; on ' +
    'the command line --images), or one list of the dataset (split, --split).';
  return complain('E_IO', { where: path, expected: `the image ${name}`, received: `no ${file}`, mend });
}
