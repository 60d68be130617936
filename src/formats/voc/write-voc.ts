import { shortestFloat32 } from '../../text/json-number.js';
import type { AnnotatedImage } from '../../types/annotations.js';
import type { Box } from '../../types/detections.js';
import type { Writer } from '../format.js';
import { besideImage } from '../image-names.js';
import { type Row, rowsOf } from '../rows.js';
import { checkXmlLabels, toXml, unheldByXml, XML_DECLARATION, xmlHolds } from '../xml/write-xml.js';

/**
 * Pascal VOC: `Annotations/` with an XML file per image, and the list `ImageSets/Main/default.txt`. Boxes are whole
 * pixels, counted from 1, the last one inside, at least one pixel in each direction. A region with several labels is an
 * object for each; scores are in an element `score`, which VOC does not know and readers pass over.
 *
 * Source: VOC2012 development kit, http://host.robots.ox.ac.uk/pascal/VOC/voc2012/devkit_doc.pdf
 *
 * @throws SigboxError E_ARGUMENT  a label that XML can't hold
 */
export const writeVoc: Writer = async function* ({ labels, images }, { refuse, refused }) {
  checkXmlLabels(labels, 'voc');
  const listed: string[] = [];
  for await (const image of images()) {
    const { image: name } = image;
    if (/[\n\r]/.test(name)) refuse(name, 'a list of images can’t hold its name');
    else if (!xmlHolds(name)) refuse(name, unheldByXml);
    else {
      yield { path: `Annotations/${besideImage(name, '.xml')}`, image: name, pieces: [annotation(image)] };
      if (!refused.has(name)) listed.push(name);
    }
  }
  yield { path: 'ImageSets/Main/default.txt', pieces: listed.map((name) => `${besideImage(name, '')}\n`) };
};

function annotation({ image, width, height, regions }: AnnotatedImage): string {
  const content = {
    folder: image.split('/').at(-2) ?? '',
    filename: image,
    size: { width, height, depth: 3 },
    segmented: 0,
    object: regions.flatMap(rowsOf).map((row) => object(row, width, height)),
  };
  return XML_DECLARATION + toXml({ annotation: content });
}

function object({ label, box, difficult, score }: Row, width: number, height: number) {
  const [xmin, ymin, xmax, ymax] = pixels(box, width, height);
  return {
    name: label,
    pose: 'Unspecified',
    truncated: 0,
    difficult: difficult ? 1 : 0,
    bndbox: { xmin, ymin, xmax, ymax },
    ...(score !== undefined && { score: shortestFloat32(score) }),
  };
}

/** First and last pixels inside, counted from 1. A size of 0 is one that isn't known. */
function pixels([x1, y1, x2, y2]: Box, width: number, height: number): Box {
  const [xmin, xmax] = span(x1, x2, width || Number.POSITIVE_INFINITY);
  const [ymin, ymax] = span(y1, y2, height || Number.POSITIVE_INFINITY);
  return [xmin, ymin, xmax, ymax];
}

/** Of an edge that is no pixel long, the pixel that its middle lies in. */
function span(from: number, to: number, length: number): [first: number, last: number] {
  const [start, end] = [Math.round(from), Math.round(to)];
  const first = Math.min(Math.max(end > start ? start + 1 : Math.floor((from + to) / 2) + 1, 1), length);
  return [first, Math.min(Math.max(end, first), length)];
}
