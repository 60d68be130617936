import * as v from 'valibot';
import { anchorSets } from '../../heads/decode/anchors.js';
import { gridOrders } from '../../heads/decode/grid-layout.js';
import { ANCHORS } from '../../heads/decode/yolo-anchors.js';
import { type HeadSpec, isHeadFamily } from '../../heads/index.js';

const activation = v.picklist(['sigmoid', 'softmax', 'none']);
const boxFormat = v.picklist(['xyxy', 'yxyx', 'cxcywh', 'xywh']);
const boxUnit = v.picklist(['input-pixels', 'input-fractions', 'image-pixels', 'image-fractions']);
const layout = v.picklist(['columns', 'rows']);
const name = v.string();
const names = v.pipe(v.array(name), v.minLength(1));
const whole = v.pipe(v.number(), v.integer(), v.minValue(1));
const wholes = v.pipe(v.array(whole), v.minLength(1));
const positive = v.pipe(v.number(), v.gtValue(0));
const column = v.pipe(v.number(), v.integer(), v.minValue(0));
const divisor = v.pipe(
  v.number(),
  v.check((value) => value !== 0, 'a number other than 0'),
);

/** What a spec from outside must hold, by family: the interfaces of `heads/`, checked. */
const schemas: { [Family in HeadSpec['family']]: v.GenericSchema<unknown, Extract<HeadSpec, { family: Family }>> } = {
  ssd: v.strictObject({
    family: v.literal('ssd'),
    scores: name,
    boxes: name,
    anchors: name,
    activation,
    boxScales: v.tuple([divisor, divisor, divisor, divisor]),
  }),
  yolo: v.strictObject({
    family: v.literal('yolo'),
    output: name,
    layout,
    objectness: v.boolean(),
    activation,
    boxFormat,
    boxUnit,
    suppress: v.boolean(),
    extraColumns: v.exactOptional(column),
  }),
  'boxes-scores': v.strictObject({
    family: v.literal('boxes-scores'),
    boxes: name,
    scores: name,
    layout,
    boxLayout: v.exactOptional(layout),
    activation,
    boxFormat,
    boxUnit,
    suppress: v.boolean(),
  }),
  rows: v.strictObject({
    family: v.literal('rows'),
    output: name,
    count: v.nullable(name),
    columns: v.strictObject({ all: column, box: column, score: column, class: column }),
    boxFormat,
    boxUnit,
    suppress: v.exactOptional(v.boolean()),
  }),
  parts: v.strictObject({
    family: v.literal('parts'),
    boxes: name,
    scores: v.nullable(name),
    classes: name,
    count: v.nullable(name),
    boxFormat,
    boxUnit,
    suppress: v.exactOptional(v.boolean()),
  }),
  selected: v.strictObject({
    family: v.literal('selected'),
    boxes: name,
    scores: name,
    indices: name,
    boxFormat,
    boxUnit,
  }),
  'yolo-grid': v.strictObject({
    family: v.literal('yolo-grid'),
    outputs: names,
    order: v.picklist(gridOrders),
    strides: wholes,
    anchors: v.union([v.picklist(Object.keys(ANCHORS) as (keyof typeof ANCHORS)[]), v.array(v.array(v.number()))]),
    reach: v.array(v.number()),
    size: v.picklist(['exp', 'square']),
    boxActivation: v.picklist(['sigmoid', 'none']),
    activation,
  }),
  yolox: v.strictObject({ family: v.literal('yolox'), output: name, strides: wholes, activation }),
  'yolox-levels': v.strictObject({
    family: v.literal('yolox-levels'),
    boxes: names,
    objectness: names,
    scores: names,
    layout: v.picklist(['rows', 'maps']),
    strides: wholes,
    activation: v.picklist(['sigmoid', 'none']),
    combine: v.picklist(['product', 'root']),
  }),
  dfl: v.strictObject({
    family: v.literal('dfl'),
    scores: names,
    distances: names,
    layout: v.exactOptional(v.picklist(['rows', 'maps'])),
    first: v.exactOptional(v.picklist(['scores', 'distances'])),
    perCell: v.exactOptional(whole),
    activation,
    strides: wholes,
    bins: whole,
    centre: v.number(),
  }),
  centernet: v.strictObject({
    family: v.literal('centernet'),
    heatmap: name,
    sizes: name,
    offsets: v.nullable(name),
    activation,
  }),
  'anchor-deltas': v.strictObject({
    family: v.literal('anchor-deltas'),
    scores: names,
    deltas: names,
    layout: v.picklist(['maps', 'rows']),
    activation,
    order: v.picklist(['xywh', 'yxhw']),
    strides: v.pipe(v.array(positive), v.minLength(1)),
    anchors: v.union([v.picklist(anchorSets), v.array(v.array(positive))]),
  }),
};

const unknownFamily = v.strictObject({ family: v.picklist(Object.keys(schemas)) }) as unknown as v.GenericSchema<
  unknown,
  HeadSpec
>;

/** What the head of a spec must be. */
export const headSchema: v.GenericSchema<unknown, HeadSpec> = v.lazy((value) => {
  const family = (value as { family?: unknown } | null)?.family;
  return isHeadFamily(family) ? (schemas[family] as v.GenericSchema<unknown, HeadSpec>) : unknownFamily;
});
