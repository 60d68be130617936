import { toJson } from '../../text/json-number.js';
import type { AnnotatedImage } from '../../types/annotations.js';
import type { Writer } from '../format.js';
import { besideImage } from '../image-names.js';
import { type Row, rowsOf } from '../rows.js';

/** Of LabelMe's files, as they are written since 2019. */
const VERSION = '5.5.0';

/**
 * LabelMe: a JSON file per image, to be put beside it. A region with several labels is a rectangle for each; `score` of a
 * rectangle is its score, as X-AnyLabeling has it, and crowds and difficult boxes are flags.
 *
 * Source: https://github.com/wkentaro/labelme, labelme/_label_file.py
 */
export const writeLabelme: Writer = async function* ({ images }, { refuse }) {
  for await (const image of images()) {
    const name = image.image;
    if (name.includes('\\')) refuse(name, 'LabelMe takes the backslash in its name for a folder');
    else yield { path: besideImage(name, '.json'), image: name, pieces: [`${toJson(fileOf(image))}\n`] };
  }
};

function fileOf({ image, width, height, regions }: AnnotatedImage) {
  return {
    version: VERSION,
    flags: {},
    shapes: regions.flatMap(rowsOf).map(shapeOf),
    imagePath: image.slice(image.lastIndexOf('/') + 1),
    imageData: null,
    imageHeight: height > 0 ? height : null,
    imageWidth: width > 0 ? width : null,
  };
}

function shapeOf({ label, box: [x1, y1, x2, y2], score, difficult, crowd }: Row) {
  const flags = { ...(difficult && { difficult }), ...(crowd && { crowd }) };
  const points = [
    [x1, y1],
    [x2, y2],
  ];
  return {
    ...{ label, points, group_id: null, description: '', shape_type: 'rectangle', flags, mask: null },
    ...(score !== undefined && { score }),
  };
}
