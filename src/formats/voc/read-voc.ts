import { join, posix } from 'node:path';
import { exists, isFolder, listFiles, readText } from '../../files/read-file.js';
import type { AnnotatedImage } from '../../types/annotations.js';
import type { Box } from '../../types/detections.js';
import { malformed } from '../check.js';
import { joinRows, type Row, sortedLabels } from '../csv/rows.js';
import type { Reader } from '../format.js';
import { childOf, type Element, nameOf, numberOf, readXml, textOf } from '../xml/xml.js';

/**
 * Reads Pascal VOC: one XML file, a folder of them, or one that has them in `Annotations/`. Pixels are counted from 1
 * and xmax is the last one inside, so that xmin 1 and xmax WIDTH are the whole width (`firstPixel: 0` takes edges as they
 * are). Parts of objects (head, hand) are passed over; `score` or `confidence` of an object is its score. Labels are
 * sorted, for VOC has no list of them.
 *
 * Source: VOC2012 development kit, http://host.robots.ox.ac.uk/pascal/VOC/voc2012/devkit_doc.pdf
 */
export const readVoc: Reader = async (path, { split, firstPixel }) => {
  const images: AnnotatedImage[] = [];
  for (const { file, folder } of await annotationFiles(path, split)) {
    images.push(imageOf(await readXml(file), file, folder));
  }
  const boxes = images.flatMap(({ regions }) => regions.map(({ box }) => box));
  if ((firstPixel ?? (boxes.some(([x1, y1]) => x1 < 1 || y1 < 1) ? 0 : 1)) === 1) {
    for (const box of boxes) {
      box[0] -= 1;
      box[1] -= 1;
    }
  }
  return { labels: sortedLabels(images), images };
};

interface AnnotationFile {
  file: string;
  /** Below the folder of annotations, with forward slashes; '' for that folder itself */
  folder: string;
}

async function annotationFiles(path: string, split: string | undefined): Promise<AnnotationFile[]> {
  if (!(await isFolder(path))) return [{ file: path, folder: '' }];
  const inside = join(path, 'Annotations');
  const folder = (await exists(inside)) ? inside : path;
  const names = split === undefined ? await listFiles(folder, ['.xml']) : await namesOf(path, split);
  return names.map((name) => {
    const parent = posix.dirname(name);
    return { file: join(folder, name), folder: parent === '.' ? '' : parent };
  });
}

/** Of VOC's list of images. */
async function namesOf(path: string, split: string): Promise<string[]> {
  const list = await readText(join(path, 'ImageSets', 'Main', `${split}.txt`));
  return list
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .map((line) => `${line}.xml`);
}

function imageOf(root: Element, file: string, folder: string): AnnotatedImage {
  if (root.name !== 'annotation') throw malformed(file, 'VOC’s element annotation', root.name);
  const filename = nameOf(root, 'filename');
  if (filename === undefined) throw malformed(file, 'an element filename', undefined);
  const size = childOf(root, 'size');
  const rows = root.children
    .filter(({ name }) => name === 'object')
    .map((object, i) => rowOf(object, `${file}: object ${i + 1}`));
  return {
    image: filename.includes('/') || folder === '' ? filename : `${folder}/${filename}`,
    width: numberOf(size, 'width', file) ?? 0,
    height: numberOf(size, 'height', file) ?? 0,
    regions: joinRows(rows),
  };
}

function rowOf(object: Element, where: string): Row {
  const bndbox = childOf(object, 'bndbox');
  const box = ['xmin', 'ymin', 'xmax', 'ymax'].map((edge) => numberOf(bndbox, edge, where));
  const label = nameOf(object, 'name');
  if (label === undefined) throw malformed(where, 'an element name', undefined);
  if (box.includes(undefined)) throw malformed(where, 'a bndbox with xmin, ymin, xmax and ymax', undefined);
  const score = numberOf(object, 'score', where) ?? numberOf(object, 'confidence', where);
  return {
    box: box as Box,
    label,
    ...(textOf(object, 'difficult') === '1' && { difficult: true }),
    ...(score !== undefined && { score }),
  };
}
