import { readdir } from 'node:fs/promises';
import { basename, dirname, join, posix } from 'node:path';
import { exists, isFolder, listFiles, readText } from '../../files/read-file.js';
import { isPictureName } from '../../image/picture-endings.js';
import type { AnnotatedImage } from '../../types/annotations.js';
import type { Box } from '../../types/detections.js';
import type { ReadContext, Reader } from '../format.js';
import { malformed } from '../reading/malformed.js';
import type { Remarks } from '../reading/remarks.js';
import { joinRows, type Row, sortedLabels } from '../rows.js';
import { childOf, type Element, nameOf, numberOf, readXml, textOf } from '../xml/xml.js';

/**
 * Reads Pascal VOC: one XML file, a folder of them, or one that has them in `Annotations/`. Pixels are counted from 1
 * and xmax is the last one inside, so that xmin 1 and xmax WIDTH are the whole width (`firstPixel: 0` takes edges as they
 * are). Where some box begins at 0, or most are not of whole pixels, these can't have been counted from 1. Parts of objects (head,
 * hand) are not read; `score` or `confidence` of an object is its score. Labels are sorted, for VOC has no list of them.
 *
 * Source: VOC2012 development kit, http://host.robots.ox.ac.uk/pascal/VOC/voc2012/devkit_doc.pdf
 */
export const readVoc: Reader = async (path, context) => {
  const { split, firstPixel, remarks } = context;
  const images: AnnotatedImage[] = [];
  for (const annotation of await annotationFiles(path, split)) {
    const image = await remarks.attemptLater(() => readImage(annotation, context), 'unreadable-file');
    if (image !== null) images.push(image);
  }
  const boxes = images.flatMap(({ regions }) => regions.map(({ box }) => box));
  if ((firstPixel ?? assumedFirstPixel(boxes, remarks)) === 1) {
    for (const box of boxes) {
      box[0] -= 1;
      box[1] -= 1;
    }
  }
  return { labels: sortedLabels(images), images };
};

/** Some boxes of VOC2012 itself have fractions; where most have them, nobody counted pixels. */
function assumedFirstPixel(boxes: readonly Box[], remarks: Remarks): 0 | 1 {
  if (boxes.length === 0) return 1;
  const early = boxes.find(([x1, y1]) => x1 < 1 || y1 < 1);
  const fractional = boxes.filter((box) => !box.every(Number.isInteger));
  const [first, why] =
    early !== undefined
      ? ([0, `a box begins at ${early[0]}, ${early[1]}`] as const)
      : fractional.length > boxes.length / 2
        ? ([0, `most have fractions, as ${fractional[0]!.join(', ')}`] as const)
        : ([1, 'no box begins at 0, and edges are whole'] as const);
  remarks.add(`first-pixel-${first}`, why, boxes.length);
  return first;
}

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

async function readImage({ file, folder }: AnnotationFile, context: ReadContext): Promise<AnnotatedImage> {
  const root = await readXml(file, context);
  const { remarks } = context;
  if (root.name !== 'annotation') throw malformed(file, 'VOC’s element annotation', root.name);
  const size = childOf(root, 'size');
  const side = (name: string) => remarks.attempt(() => numberOf(size, name, file)) ?? 0;
  const rows = root.children
    .filter(({ name }) => name === 'object')
    .map((object, i) => remarks.attempt(() => rowOf(object, `${file}: object ${i + 1}`)));
  return {
    image: await imageName(root, { file, folder }, remarks),
    ...{ width: side('width'), height: side('height') },
    regions: joinRows(rows.filter((row) => row !== null)),
  };
}

async function imageName(root: Element, { file, folder }: AnnotationFile, remarks: Remarks): Promise<string> {
  const below = (name: string) => (/[/\\]/.test(name) || folder === '' ? name : `${folder}/${name}`);
  const name = nameOf(root, 'filename') ?? '';
  if (name.trim() !== '') return below(name);
  const stem = basename(file).replace(/\.xml$/i, '');
  const named = await pictureOfStem(file, stem);
  remarks.add('name-from-file', `${file}: ${named}`);
  return below(named);
}

/** The picture that lies beside an annotation, or where VOC has it; the bare stem where there is none. */
async function pictureOfStem(file: string, stem: string): Promise<string> {
  for (const folder of [dirname(file), join(dirname(file), '../JPEGImages'), join(dirname(file), '../images')]) {
    const names = await readdir(folder).catch(() => []);
    const name = names.find((name) => isPictureName(name) && name.replace(/\.[^.]*$/, '') === stem);
    if (name !== undefined) return name;
  }
  return stem;
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
