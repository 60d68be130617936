import * as v from 'valibot';
import type { FormatName } from '../../src/formats/format.js';
import type { Element } from '../../src/formats/xml/xml.js';

// What the formats' own descriptions ask of files, written down by hand; for Node alone to check, where the programs
// that read them (test/foreign) are not to be had. What they do not ask for is refused, but for the scores.

const id = v.pipe(v.number(), v.integer(), v.minValue(0));
const size = v.pipe(v.number(), v.integer(), v.minValue(1));
const fraction = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const length = v.pipe(v.number(), v.finite(), v.minValue(0));
const name = v.pipe(v.string(), v.minLength(1));
const unique = <T>(of: (entry: T) => unknown) =>
  v.check<T[], string>((entries) => new Set(entries.map(of)).size === entries.length, 'each once');

const bbox = v.strictTuple([v.pipe(v.number(), v.finite()), v.pipe(v.number(), v.finite()), length, length]);

/** https://cocodataset.org/#format-data; the two lists of images are LVIS's, https://www.lvisdataset.org/dataset */
const coco = v.pipe(
  v.strictObject({
    images: v.pipe(
      v.array(
        v.strictObject({
          ...{ id, file_name: name, width: size, height: size },
          neg_category_ids: v.optional(v.array(id)),
          not_exhaustive_category_ids: v.optional(v.array(id)),
        }),
      ),
      unique((image) => image.id),
      unique((image) => image.file_name),
    ),
    annotations: v.pipe(
      v.array(
        v.strictObject({
          ...{ id: v.pipe(id, v.minValue(1)), image_id: id, category_id: id, bbox, area: length },
          iscrowd: v.picklist([0, 1]),
          score: v.optional(fraction),
        }),
      ),
      unique((annotation) => annotation.id),
    ),
    categories: v.pipe(
      v.array(v.strictObject({ id, name, supercategory: v.string() })),
      unique((category) => category.id),
    ),
  }),
  v.check(({ images, annotations, categories }) => {
    const [known, classes] = [new Set(images.map((image) => image.id)), new Set(categories.map((one) => one.id))];
    return annotations.every((one) => known.has(one.image_id) && classes.has(one.category_id));
  }, 'images and categories that are there'),
);

/** https://cocodataset.org/#format-results */
const cocoResults = v.array(v.strictObject({ image_id: id, category_id: id, bbox, score: fraction }));

const percent = v.pipe(v.number(), v.minValue(0), v.maxValue(100 + 1e-4)); // float32 of a sum
const region = v.strictObject({
  id: name,
  type: v.literal('rectanglelabels'),
  ...{ from_name: v.literal('label'), to_name: v.literal('image') },
  ...{ original_width: size, original_height: size, image_rotation: v.literal(0) },
  value: v.pipe(
    v.strictObject({
      ...{ x: percent, y: percent, width: percent, height: percent, rotation: v.literal(0) },
      rectanglelabels: v.pipe(v.array(name), v.minLength(1)),
    }),
    v.check(({ x, y, width, height }) => x + width <= 100.001 && y + height <= 100.001, 'a box in the image'),
  ),
  score: v.optional(fraction),
  meta: v.optional(v.strictObject({ scores: v.array(fraction) })),
});
const result = v.pipe(
  v.array(region),
  unique(({ id }) => id),
);
const prediction = v.strictObject({ model_version: name, score: fraction, result });

/** https://labelstud.io/guide/predictions and https://labelstud.io/guide/task_format */
const labelStudio = v.array(
  v.strictObject({
    data: v.strictObject({ image: name, file_name: name, width: size, height: size }),
    predictions: v.optional(v.array(prediction)),
    annotations: v.optional(v.array(v.strictObject({ result }))),
  }),
);

const point = v.strictTuple([length, length]);

/** https://github.com/wkentaro/labelme, what LabelFile.save writes; `score` is X-AnyLabeling's. */
const labelme = v.strictObject({
  version: v.pipe(v.string(), v.regex(/^\d+\.\d+\.\d+$/)),
  flags: v.record(v.string(), v.boolean()),
  shapes: v.array(
    v.strictObject({
      ...{ label: name, points: v.strictTuple([point, point]), group_id: v.null(), description: v.string() },
      ...{ shape_type: v.literal('rectangle'), flags: v.record(v.string(), v.boolean()), mask: v.null() },
      score: v.optional(fraction),
    }),
  ),
  imagePath: v.pipe(name, v.regex(/^[^/\\]+$/)),
  imageData: v.null(),
  ...{ imageHeight: size, imageWidth: size },
});

const json = { coco, 'coco-results': cocoResults, 'label-studio': labelStudio, labelme } as const;

/** The schema of a format's JSON files. */
export const JSON_SCHEMAS: Partial<Record<FormatName, v.GenericSchema>> = json;

/** An element: what its attributes and its text match, and its children in their order; a list has any number of one. */
export interface ElementRule {
  attributes?: Record<string, RegExp>;
  optional?: string[];
  text?: RegExp;
  children?: [name: string, rule: ElementRule, most: 'one' | 'maybe' | 'any'][];
}

const number = /^-?\d+(\.\d+)?(e-?\d+)?$/;
const whole = /^[1-9]\d*$/;
const flag = /^[01]$/;
const some = /./s;
const of = (text: RegExp): ElementRule => ({ text });

/** http://host.robots.ox.ac.uk/pascal/VOC/voc2012/devkit_doc.pdf, and the annotations of VOC2012 themselves */
export const VOC: ElementRule = {
  children: [
    ['folder', of(/^/), 'one'],
    ['filename', of(some), 'one'],
    ['size', { children: ['width', 'height', 'depth'].map((side) => [side, of(whole), 'one']) }, 'one'],
    ['segmented', of(flag), 'one'],
    [
      'object',
      {
        children: [
          ['name', of(some), 'one'],
          ['pose', of(/^(Unspecified|Left|Right|Frontal|Rear)$/), 'one'],
          ['truncated', of(flag), 'one'],
          ['difficult', of(flag), 'one'],
          ['bndbox', { children: ['xmin', 'ymin', 'xmax', 'ymax'].map((edge) => [edge, of(whole), 'one']) }, 'one'],
          ['score', of(/^(0|1|0?\.\d+(e-\d+)?|\de-\d+)$/), 'maybe'],
        ],
      },
      'any',
    ],
  ],
};

/** https://docs.cvat.ai/docs/manual/advanced/xml_format, "for images", version 1.1 */
export const CVAT: ElementRule = {
  children: [
    ['version', of(/^1\.1$/), 'one'],
    ['meta', { children: [['task', taskRule(), 'one']] }, 'one'],
    [
      'image',
      {
        attributes: { id: /^\d+$/, name: some, width: whole, height: whole },
        children: [
          [
            'box',
            {
              attributes: {
                ...{ label: some, source: /^(auto|manual)$/, occluded: flag },
                ...{ xtl: number, ytl: number, xbr: number, ybr: number, z_order: /^0$/ },
              },
              optional: ['source'],
              children: [['attribute', { attributes: { name: /^(score|difficult|crowd)$/ }, text: some }, 'any']],
            },
            'any',
          ],
        ],
      },
      'any',
    ],
  ],
};

function taskRule(): ElementRule {
  const attribute: ElementRule = {
    children: [
      ['name', of(some), 'one'],
      ['mutable', of(/^(True|False)$/), 'one'],
      ['input_type', of(/^(select|radio|checkbox|number|text)$/), 'one'],
      ['default_value', of(some), 'one'],
      ['values', of(some), 'one'],
    ],
  };
  const attributes: ElementRule = { children: [['attribute', attribute, 'any']] };
  const label: ElementRule = {
    children: [
      ['name', of(some), 'one'],
      ['type', of(/^rectangle$/), 'one'],
      ['attributes', attributes, 'one'],
    ],
  };
  return {
    children: [
      ['name', of(some), 'one'],
      ['size', of(/^\d+$/), 'one'],
      ['mode', of(/^annotation$/), 'one'],
      ['labels', { children: [['label', label, 'any']] }, 'one'],
    ],
  };
}

/** https://labelstud.io/tags/rectanglelabels */
export const LABEL_STUDIO_CONFIGURATION: ElementRule = {
  children: [
    ['Image', { attributes: { name: /^image$/, value: /^\$image$/ } }, 'one'],
    [
      'RectangleLabels',
      {
        attributes: { name: /^label$/, toName: /^image$/, choice: /^(single|multiple)$/ },
        children: [['Label', { attributes: { value: some } }, 'any']],
      },
      'one',
    ],
  ],
};

/** What an element has against its rule; nothing where it keeps it. */
export function faultsOf(element: Element, rule: ElementRule, path = element.name): string[] {
  const { attributes = {}, optional = [], text = /^\s*$/, children = [] } = rule;
  const faults: string[] = [];
  const names = new Set([...Object.keys(attributes), ...Object.keys(element.attributes)]);
  for (const each of names) {
    const value = element.attributes[each];
    if (value === undefined ? !optional.includes(each) : !attributes[each]?.test(value))
      faults.push(`${path}@${each}: ${value}`);
  }
  if (!text.test(element.text)) faults.push(`${path}: ${JSON.stringify(element.text)}`);
  const left = [...element.children];
  for (const [each, inside, most] of children) {
    let count = 0;
    while (left[0]?.name === each && (most === 'any' || count === 0)) {
      faults.push(...faultsOf(left.shift()!, inside, `${path}/${each}`));
      count++;
    }
    if (most === 'one' && count === 0) faults.push(`${path}: no ${each}`);
  }
  return [...faults, ...left.map((extra) => `${path}: ${extra.name} is out of place`)];
}
