import type { AnnotatedImage } from '../../types/annotations.js';
import type { Box } from '../../types/detections.js';
import type { Reader } from '../format.js';
import { malformed, parseNumber } from '../reading/malformed.js';
import type { Remarks } from '../reading/remarks.js';
import { joinRows, type Row, sortedLabels } from '../rows.js';
import { boxAround, boxAroundEllipse, boxAroundTurned } from '../shapes.js';
import { childOf, type Element, nameOf, readXml } from '../xml/xml.js';
import { isAttribute, SCORE_ATTRIBUTE, scoreAttributeOf } from './attributes.js';

/**
 * Reads "CVAT for images 1.1", boxes, and by the boxes around them turned boxes, ellipses,
 * polygons and masks. Points, lines, cuboids, skeletons and tags are no boxes. Attributes `score` (or `confidence`),
 * `difficult` and `crowd` are read. An attribute with the name of a label and the value true gives the box that label as
 * well; `score of LABEL` is its score. Labels are those that the task declares, in its order.
 *
 * Source: https://docs.cvat.ai/docs/manual/advanced/xml_format/
 */
export const readCvat: Reader = async (path, context) => {
  const { remarks } = context;
  const images: AnnotatedImage[] = [];
  let declared: string[] = [];
  let tracks = 0;
  const root = await readXml(path, context, {
    isEntry: (name) => name === 'image' || name === 'track' || name === 'meta',
    onEntry(element) {
      if (element.name === 'meta') declared = declaredLabels(element);
      if (element.name === 'track') tracks++;
      if (element.name !== 'image') return;
      const image = remarks.attempt(() => imageOf(element, { path, remarks, labels: new Set(declared) }));
      if (image !== null) images.push(image);
    },
  });
  if (root.name !== 'annotations') throw malformed(path, 'CVAT’s element annotations', root.name);
  if (tracks > 0 && images.length === 0) {
    throw malformed(path, 'CVAT for images', 'tracks, as CVAT for video has them', 'Export it for images.');
  }
  if (tracks > 0) remarks.add('not-a-box', `${path}: a track`, tracks);
  return { labels: [...new Set([...declared, ...sortedLabels(images)])], images };
};

/** Of a task, a job or a project. */
function declaredLabels(meta: Element): string[] {
  const labels = meta.children.flatMap((owner) => childOf(owner, 'labels')?.children ?? []);
  return labels.flatMap((label) => nameOf(label, 'name') ?? []);
}

interface Place {
  path: string;
  remarks: Remarks;
  labels: ReadonlySet<string>;
}

function imageOf({ attributes, children }: Element, { path, remarks, labels }: Place): AnnotatedImage {
  const { id, name, width, height } = attributes;
  const where = `${path}: image ${id ?? name}`;
  if (name === undefined) throw malformed(where, 'an attribute name', undefined);
  const side = (text: string | undefined, what: string) =>
    remarks.attempt(() => parseNumber(text, `${where}: ${what}`)) ?? 0;
  const number = id === undefined ? null : remarks.attempt(() => parseNumber(id, `${where}: id`));
  return {
    image: name,
    ...(number !== null && { id: number }),
    width: side(width, 'width'),
    height: side(height, 'height'),
    regions: joinRows(
      children.flatMap((shape) => remarks.attempt(() => rowsAt(shape, where, { remarks, labels })) ?? []),
    ),
  };
}

/** A row for the label, and one for each further label. */
function rowsAt(shape: Element, where: string, { remarks, labels }: Omit<Place, 'path'>): Row[] {
  const box = boxOf(shape, where);
  if (box === null) {
    remarks.add('not-a-box', `${where}: ${shape.name}`);
    return [];
  }
  const { label } = shape.attributes;
  if (label === undefined) throw malformed(where, 'an attribute label', undefined);
  const attributes = new Map(shape.children.map(({ attributes, text }) => [attributes.name, text.trim()]));
  const row = (name: string, score: string | undefined): Row => ({
    box,
    label: name,
    ...(score !== undefined && score !== '' && { score: parseNumber(score, `${where}: score`) }),
    ...(attributes.get('difficult') === 'true' && { difficult: true }),
    ...(attributes.get('crowd') === 'true' && { crowd: true }),
  });
  const further = [...attributes.keys()].filter(
    (name): name is string =>
      name !== undefined && name !== label && labels.has(name) && isAttribute(name) && attributes.get(name) === 'true',
  );
  return [
    row(label, attributes.get(SCORE_ATTRIBUTE) ?? attributes.get('confidence')),
    ...further.map((name) => row(name, attributes.get(scoreAttributeOf(name)))),
  ];
}

function boxOf({ name, attributes }: Element, where: string): Box | null {
  const number = (attribute: string) => parseNumber(attributes[attribute], `${where}: ${name} ${attribute}`);
  const rotation = () => (attributes.rotation === undefined ? 0 : number('rotation'));
  switch (name) {
    case 'box':
      return boxAroundTurned([number('xtl'), number('ytl'), number('xbr'), number('ybr')], rotation());
    case 'ellipse': {
      const [x, y, radiusX, radiusY] = [number('cx'), number('cy'), number('rx'), number('ry')];
      return boxAroundEllipse({ x, y, radiusX, radiusY, rotation: rotation() });
    }
    case 'polygon':
      return boxAround((attributes.points ?? '').split(/[,;]/).map((text) => parseNumber(text, `${where}: points`)));
    case 'mask':
      return [number('left'), number('top'), number('left') + number('width'), number('top') + number('height')];
    default:
      return null;
  }
}
