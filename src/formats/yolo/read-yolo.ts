import pMap from 'p-map';
import { complain } from '../../errors.js';
import { exists, readText } from '../../files/read-file.js';
import type { Box } from '../../types/detections.js';
import { malformed } from '../check.js';
import { boxAround, joinRows, type Row } from '../csv/rows.js';
import type { ImageSize, Reader } from '../format.js';
import { yoloLayout } from './yolo-layout.js';

/** Reading waits for the disk, not for the processor. */
const FILES_AT_ONCE = 16;

/**
 * Reads YOLO's folders of labels, found by their data.yaml (or classes.txt). A line is `class cx cy width height`, with
 * the score as a sixth number where there is one; a polygon (`class x y x y x y …`) counts by the box around it. Images
 * without a file of labels have no regions.
 *
 * Source: ultralytics.data.utils, ultralytics.engine.results.save_txt
 *
 * @throws SigboxError E_ARGUMENT  no `imageSize`. E_IO  an image is missing, whose size is needed
 */
export const readYolo: Reader = async (path, { imageSize, ...options }) => {
  if (imageSize === undefined) {
    throw complain('E_ARGUMENT', { where: path, expected: 'options.imageSize', received: imageSize });
  }
  const { labels, images } = await yoloLayout(path, options);
  const read = async ({ file, name, labelFile }: (typeof images)[number]) => {
    if (!(await exists(file))) {
      const mend =
        'YOLO’s files don’t hold the sizes of images: name the folder below which the images have these names (images; on ' +
        'the command line --images), or one list of the dataset (split, --split).';
      throw complain('E_IO', { where: path, expected: `the image ${name}`, received: `no ${file}`, mend });
    }
    const size = await imageSize(file);
    const text = (await exists(labelFile)) ? await readText(labelFile) : '';
    return { image: name, ...size, regions: joinRows(rowsIn(text, labels, size, labelFile)) };
  };
  return { labels, images: await pMap(images, read, { concurrency: FILES_AT_ONCE }) };
};

function rowsIn(text: string, labels: readonly string[], size: ImageSize, file: string): Row[] {
  return text
    .split('\n')
    .flatMap((line, i) => (line.trim() === '' ? [] : rowOf(line, labels, size, `${file}: line ${i + 1}`)));
}

function rowOf(line: string, labels: readonly string[], size: ImageSize, where: string): Row {
  const numbers = line.trim().split(/\s+/).map(Number);
  const [classId, ...rest] = numbers as [number, ...number[]];
  if (numbers.some(Number.isNaN) || rest.length < 4) throw malformed(where, 'class cx cy width height', line.trim());
  const label = labels[classId];
  if (label === undefined) throw malformed(where, `a class from 0 to ${labels.length - 1}`, classId);
  const isPolygon = rest.length > 5;
  const score = rest.length % 2 === 1 ? rest.pop() : undefined;
  const [x1, y1, x2, y2] = isPolygon ? boxAround(rest) : cornersOf(rest);
  const box: Box = [x1 * size.width, y1 * size.height, x2 * size.width, y2 * size.height];
  return { box, label, ...(score !== undefined && { score }) };
}

function cornersOf([x, y, width, height]: number[]): Box {
  return [x! - width! / 2, y! - height! / 2, x! + width! / 2, y! + height! / 2];
}
