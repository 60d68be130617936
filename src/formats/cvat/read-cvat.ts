import { join } from 'node:path';
import { complain } from '../../errors.js';
import { isFolder, listFiles } from '../../files/read-file.js';
import type { AnnotatedImage } from '../../types/annotations.js';
import type { Box } from '../../types/detections.js';
import { malformed } from '../check.js';
import { boxAround, joinRows, type Row, sortedLabels } from '../csv/rows.js';
import type { Reader } from '../format.js';
import { childOf, type Element, nameOf, parseNumber, readXml } from '../xml/xml.js';

/**
 * Reads "CVAT for images 1.1", a file or the folder of one. Boxes (turned ones by the box around them), and polygons and masks by the boxes around
 * them; points, lines, cuboids, skeletons and tags are passed over. Attributes `score` (or `confidence`), `difficult` and
 * `crowd` are read. Labels are those that the task declares, in its order.
 *
 * Source: https://docs.cvat.ai/docs/manual/advanced/xml_format/
 */
export const readCvat: Reader = async (given) => {
  const path = await xmlIn(given);
  const images: AnnotatedImage[] = [];
  const root = await readXml(
    path,
    (name) => name === 'image' || name === 'track',
    (element) => {
      if (element.name === 'image') images.push(imageOf(element, path));
      else throw malformed(path, 'CVAT for images', 'a track, as CVAT for video has it', 'Export it for images.');
    },
  );
  if (root.name !== 'annotations') throw malformed(path, 'CVAT’s element annotations', root.name);
  return { labels: [...new Set([...declaredLabels(root), ...sortedLabels(images)])], images };
};

/** The file itself, or the one that a folder holds. */
async function xmlIn(path: string): Promise<string> {
  if (!(await isFolder(path))) return path;
  const files = await listFiles(path, ['.xml']);
  if (files.length === 1) return join(path, files[0]!);
  const received = files.length === 0 ? 'none' : files.slice(0, 3).join(', ');
  throw complain('E_IO', { where: path, expected: 'one .xml file', received, mend: 'Name the file itself.' });
}

/** Of a task, a job or a project. */
function declaredLabels(root: Element): string[] {
  const owners = childOf(root, 'meta')?.children ?? [];
  const labels = owners.flatMap((owner) => childOf(owner, 'labels')?.children ?? []);
  return labels.flatMap((label) => nameOf(label, 'name') ?? []);
}

function imageOf({ attributes, children }: Element, path: string): AnnotatedImage {
  const { id, name, width, height } = attributes;
  const where = `${path}: image ${id ?? name}`;
  if (name === undefined) throw malformed(where, 'an attribute name', undefined);
  return {
    image: name,
    ...(id !== undefined && { id: parseNumber(id, `${where}: id`) }),
    width: parseNumber(width, `${where}: width`),
    height: parseNumber(height, `${where}: height`),
    regions: joinRows(children.flatMap((shape) => rowOf(shape, where) ?? [])),
  };
}

function rowOf(shape: Element, where: string): Row | null {
  const box = boxOf(shape, where);
  if (box === null) return null;
  const { label } = shape.attributes;
  if (label === undefined) throw malformed(where, 'an attribute label', undefined);
  const given = new Map(shape.children.map(({ attributes, text }) => [attributes.name, text.trim()]));
  const score = given.get('score') ?? given.get('confidence');
  return {
    box,
    label,
    ...(score !== undefined && score !== '' && { score: parseNumber(score, `${where}: score`) }),
    ...(given.get('difficult') === 'true' && { difficult: true }),
    ...(given.get('crowd') === 'true' && { crowd: true }),
  };
}

function boxOf({ name, attributes }: Element, where: string): Box | null {
  const number = (attribute: string) => parseNumber(attributes[attribute], `${where}: ${name} ${attribute}`);
  switch (name) {
    case 'box': {
      const box: Box = [number('xtl'), number('ytl'), number('xbr'), number('ybr')];
      return attributes.rotation === undefined ? box : turned(box, number('rotation'));
    }
    case 'polygon':
      return boxAround((attributes.points ?? '').split(/[,;]/).map((text) => parseNumber(text, `${where}: points`)));
    case 'mask':
      return [number('left'), number('top'), number('left') + number('width'), number('top') + number('height')];
    default:
      return null;
  }
}

/** The box around one that is turned about its middle. */
function turned([x1, y1, x2, y2]: Box, degrees: number): Box {
  if (degrees === 0) return [x1, y1, x2, y2];
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const [middleX, middleY] = [(x1 + x2) / 2, (y1 + y2) / 2];
  const halfWidth = (Math.abs(cos) * (x2 - x1) + Math.abs(sin) * (y2 - y1)) / 2;
  const halfHeight = (Math.abs(sin) * (x2 - x1) + Math.abs(cos) * (y2 - y1)) / 2;
  return [middleX - halfWidth, middleY - halfHeight, middleX + halfWidth, middleY + halfHeight];
}
