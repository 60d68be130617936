import type { HeadSpec } from '../../heads/index.js';
import { KNOWN_LISTS } from '../../labels/known-lists.js';
import type { Tensor } from '../../types/model.js';
import { anchorGrid } from '../evidence/anchor-grid.js';
import { type CentreReading, readCentres } from '../evidence/centres.js';
import { type DenseLayout, denseLayout } from '../evidence/dense-layout.js';
import { mapsPerLevel } from '../evidence/level-order.js';
import { activationOf, everyRow, type Table, tableOf, unitOf } from '../evidence/table.js';
import { namedClasses } from '../named-classes.js';
import { type Decision, type Evidence, type Recogniser, type Recognition, settled } from '../recognition.js';
import { notDecoded, undecided } from '../refusal.js';
import { CHANNELS_FIRST, LETTERBOX, STRETCH, YOLOX } from './yolo-inputs.js';

/**
 * One output with a row of box and scores per cell or query, in files that do not say where they are from: YOLOv5 to
 * YOLOv12, YOLOX, Ultralytics' RT-DETR.
 *
 * Source: yolov5 utils/general.py, YOLOv6 effidehead.py, YOLOv7 models/yolo.py, ultralytics/utils/nms.py, YOLOX
 * demo_utils.py: their outputs and what they do with them.
 */
export const yolo: Recogniser = async (evidence) => {
  if ('libreyolo_version' in evidence.metadata.properties) return null; // it has families of this shape with other boxes
  const output = denseOutput(evidence);
  if (output === null) return null;
  const tensor = (await evidence.probe(LETTERBOX))[output.name]!;
  const { dims } = tensor;
  const layout = dims.length === 3 ? denseLayout(evidence, tensor, evidence.sizeOf(LETTERBOX)) : null;
  if (layout === null) return null;
  const maps = mapsOf(evidence, tensor, layout);
  if (maps !== null) return channelsFirst(evidence, output.name, layout, maps);
  const table = tableOf(tensor, layout.layout);
  const because = `[${dims.join(', ')}]: ${layout.because}`;
  const found = {
    evidence,
    output: output.name,
    layout,
    table,
    decisions: [settled('head.layout', layout.layout, because)],
  };
  const { objectness, decision } = settleObjectness(found);
  found.decisions.push(decision);
  return objectness ? withObjectness(found) : withoutObjectness(found);
};

interface Found {
  evidence: Evidence;
  output: string;
  layout: DenseLayout;
  table: Table;
  decisions: Decision[];
}

/** The output of three dims; another one of the same dims is an auxiliary head's, those of more dims are its raw form. */
function denseOutput(evidence: Evidence): Evidence['outputs'][number] | null {
  const { outputs } = evidence;
  const [first, ...others] = outputs.filter(({ dims }) => dims.length === 3);
  if (first === undefined || !/float|double/.test(first.type)) return null;
  if (others.some(({ dims }) => dims.slice(1).join() !== first.dims.slice(1).join())) return null;
  const masks = outputs.find(({ dims }) => dims.length === 4 && dims[1] === 32);
  if (masks !== undefined && outputs.length === 2) {
    throw notDecoded(evidence, 'masks', `output "${masks.name}" [${masks.dims.join(', ')}]`);
  }
  return first;
}

function settleObjectness({ evidence, layout, table }: Found): { objectness: boolean; decision: Decision } {
  const { width, grid } = layout;
  const decide = (objectness: boolean, because: string) => ({
    objectness,
    decision: settled('head.objectness', String(objectness), because),
  });
  const { objectness } = evidence.given.head;
  if (typeof objectness === 'boolean') return decide(objectness, 'given');
  if (width === 5) return decide(false, 'five numbers per row: a box and one score');
  if (grid?.perCell === 3) return decide(true, 'detectors with three rows per cell have it');
  if (layout.layout === 'columns') return decide(false, 'detectors that give columns have none');
  const named = namedClasses(evidence);
  if (named?.count === width - 5)
    return decide(true, `${width} numbers per row, ${named.count} classes by ${named.from}`);
  if (named?.count === width - 4)
    return decide(false, `${width} numbers per row, ${named.count} classes by ${named.from}`);
  if (grid === null && unitOf(table).unit === 'input-fractions')
    return decide(false, 'RT-DETR, which gives fractions, has none');
  if (grid !== null && !isTelling(width - 4))
    return decide(true, 'YOLOX and YOLOv6, which give a row per cell, have it');
  const open = `${width} numbers per row are ${width - 4} classes, or objectness and ${width - 5} classes`;
  throw undecided(evidence, open, '--labels-file with the names, or spec {"head":{"objectness":true}} or false');
}

/** A number of classes that speaks for itself. */
function isTelling(classes: number): boolean {
  return KNOWN_LISTS.some((list) => list.telling && list.classes === classes);
}

/** YOLOv8 and later; in rows also RT-DETR. */
function withoutObjectness({ evidence, output, layout, table, decisions }: Found): Recognition {
  const { activation, decision } = activationOf(evidence, table, 4);
  const { unit, decision: unitDecision } = unitOf(table);
  const isRtDetr = layout.layout === 'rows' && layout.grid === null && unit === 'input-fractions';
  const family = isRtDetr ? 'RT-DETR' : 'YOLOv8 and later';
  const because = isRtDetr ? 'rows of a box in fractions and scores' : 'rows of a box and scores, no objectness';
  const head: HeadSpec = {
    family: 'yolo',
    output,
    layout: layout.layout,
    objectness: false,
    activation,
    boxFormat: 'cxcywh',
    boxUnit: unit,
    suppress: !isRtDetr,
  };
  return {
    family,
    head,
    input: isRtDetr ? STRETCH : LETTERBOX,
    classes: layout.width - 4,
    decisions: [settled('family', family, because), ...decisions, decision, unitDecision],
  };
}

/** YOLOv5 to YOLOv7, YOLOX. */
function withObjectness({ evidence, output, layout, table, decisions }: Found): Recognition {
  const { activation, decision } = activationOf(evidence, table, 4);
  const centres = readCentres(evidence, table, layout.grid, LETTERBOX);
  const { family, because, input } = familyOf(layout, table, centres);
  const found = {
    family,
    input,
    classes: layout.width - 5,
    decisions: [settled('family', family, because), ...decisions, decision, ...centres.decisions],
  };
  const decoded = { family: 'yolo', output, layout: layout.layout, objectness: true, activation } as const;
  const { reading } = centres;
  if (reading !== 'offsets') {
    return { ...found, head: { ...decoded, boxFormat: 'cxcywh', boxUnit: reading, suppress: true } };
  }
  const strides = [...layout.grid!.strides];
  if (layout.grid!.perCell === 1) return { ...found, head: { family: 'yolox', output, strides, activation } };
  const grid = anchorGrid(evidence, { outputs: [output], strides, activation }, [table]);
  return { ...found, head: grid.head, decisions: [...found.decisions, ...grid.decisions] };
}

/** A row per cell that lies in memory as maps. */
function mapsOf(evidence: Evidence, tensor: Tensor, { layout, grid }: DenseLayout) {
  if (layout !== 'rows' || grid?.perCell !== 1) return null;
  return mapsPerLevel(tensor, grid.strides, evidence.sizeOf(LETTERBOX));
}

/** YOLOX whose exporter reshaped maps into rows without transposing them, as bubbliiiing's yolox-pytorch has it. */
function channelsFirst(
  evidence: Evidence,
  output: string,
  { width, grid }: DenseLayout,
  { table, because }: { table: Table; because: string },
): Recognition {
  const { activation, decision } = activationOf(evidence, table, 4);
  const { reading, decisions } = readCentres(evidence, table, grid, LETTERBOX);
  if (reading !== 'offsets') throw undecided(evidence, `its rows are maps in memory: ${because}`, 'A whole spec');
  const strides = [...grid!.strides];
  return {
    family: 'YOLOX',
    head: {
      family: 'yolo-grid',
      outputs: [output],
      order: 'anchors-channels',
      strides,
      anchors: strides.map((stride) => [stride, stride]),
      reach: strides.map(() => 1),
      size: 'exp',
      boxActivation: 'none',
      activation,
    },
    input: CHANNELS_FIRST,
    classes: width - 5,
    decisions: [
      settled('family', 'YOLOX', 'box, objectness and scores per cell'),
      settled('head.order', 'anchors-channels', because),
      decision,
      ...decisions,
    ],
  };
}

function familyOf({ grid }: DenseLayout, table: Table, { reading }: CentreReading) {
  if (grid?.perCell !== 1) {
    const because = 'box, objectness and scores for three anchors per cell';
    return { family: 'YOLOv5 or YOLOv7', because, input: LETTERBOX };
  }
  if (reading !== 'offsets' && everyRow(table, (row) => Math.abs(table.at(row, 4) - 1) < 1e-3)) {
    return { family: 'YOLOv6', because: 'box, objectness and scores per cell, objectness always 1', input: LETTERBOX };
  }
  const because = 'box, objectness and scores per cell; releases before 0.2 want RGB and ImageNet’s mean: spec input';
  return { family: 'YOLOX', because, input: YOLOX };
}
