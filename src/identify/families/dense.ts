import type { HeadSpec } from '../../heads/index.js';
import type { Tensor } from '../../types/model.js';
import { anchorGrid } from '../evidence/layout/anchor-grid.js';
import type { DenseLayout } from '../evidence/layout/dense-layout.js';
import { mapsPerLevel } from '../evidence/layout/level-order.js';
import { type Table, tableOf } from '../evidence/layout/table.js';
import { boxForm, type SeenBoxForm } from '../evidence/values/box-form.js';
import { type CentreReading, readCentres } from '../evidence/values/centres.js';
import { alwaysOne, settleObjectness } from '../evidence/values/objectness.js';
import { type ScoreColumns, scoreColumns } from '../evidence/values/score-columns.js';
import { namedClasses } from '../named-classes.js';
import { type Decision, type Evidence, type FamilyInput, type Recognition, settled } from '../recognition.js';
import { undecided } from '../refusal.js';
import { CHANNELS_FIRST, LETTERBOX, STRETCH, YOLOX } from './yolo-inputs.js';

/** One output with a row of box and scores for each of many places. */
export interface DenseOutput {
  name: string;
  tensor: Tensor;
  layout: DenseLayout;
  /** How the picture of its run was prepared. Default: letterboxed, of the usual size */
  input?: FamilyInput;
}

/**
 * What one dense output holds, by the values of a run.
 *
 * @throws SigboxError E_MODEL, SeveralReadings  it can't be told
 */
export function readDense(evidence: Evidence, output: DenseOutput): Recognition {
  const { layout, tensor, input = LETTERBOX } = output;
  const size = evidence.sizeOf(input);
  const maps = mapsOf(tensor, layout, size);
  if (maps !== null) return channelsFirst(evidence, output, maps);
  const table = tableOf(tensor, layout.layout);
  const shape = settled('head.layout', layout.layout, `[${tensor.dims.join(', ')}]: ${layout.because}`);
  const form = boxForm({ table, first: 0, grid: layout.grid, size }, 'cxcywh');
  const centres = form === null && layout.grid !== null ? readCentres(evidence, table, layout.grid, input) : null;
  const offsets = centres?.reading === 'offsets';
  const { objectness, decision } = settleObjectness(evidence, { layout, table, offsets });
  const found: Found = { evidence, output, table, decisions: [shape, decision] };
  const box: Box | null = form ?? decoded(centres);
  if (box === null && !(objectness && offsets)) throw noBoxes(evidence);
  if (centres !== null) found.decisions.push(...centres.decisions);
  if (form !== null) found.decisions.push(...form.decisions);
  return objectness ? withObjectness(found, box) : withoutObjectness(found, box!);
}

interface Found {
  evidence: Evidence;
  output: DenseOutput;
  table: Table;
  decisions: Decision[];
}

type Box = Pick<SeenBoxForm, 'boxFormat' | 'boxUnit'>;

function decoded(centres: CentreReading | null): Box | null {
  if (centres === null || centres.reading === 'offsets') return null;
  return { boxFormat: 'cxcywh', boxUnit: centres.reading };
}

function noBoxes(evidence: Evidence) {
  const open = 'the first four numbers of its rows are neither corners nor centre and size in a run';
  return undecided(evidence, open, 'A whole spec');
}

/** YOLOv8 and later; in rows also RT-DETR. */
function withoutObjectness({ evidence, output, table, decisions }: Found, box: Box): Recognition {
  const { layout, grid } = output.layout;
  const named = namedClasses(evidence)?.count ?? null;
  const scores = scoreColumns(evidence, table, 4, named);
  if (named !== scores.classes) refuseAngle(evidence, table, scores);
  const isRtDetr = layout === 'rows' && grid === null && box.boxUnit === 'input-fractions';
  const family = isRtDetr ? 'RT-DETR' : 'YOLOv8 and later';
  const because = isRtDetr ? 'rows of a box in fractions and scores' : 'rows of a box and scores, no objectness';
  return {
    family,
    head: yoloHead(output, { objectness: false, suppress: !isRtDetr, scores, box }),
    input: isRtDetr ? STRETCH : LETTERBOX,
    classes: scores.classes,
    decisions: [settled('family', family, because), ...decisions, ...scores.decisions],
    warnings: scores.warnings,
  };
}

/**
 * Scores of a class are low in most rows; angles from 0 to 1 are not.
 *
 * @throws SigboxError E_MODEL  the last column is such a one, and the others are not
 */
function refuseAngle(evidence: Evidence, table: Table, { classes, activation, extra }: ScoreColumns): void {
  if (classes < 2 || activation !== 'none' || extra > 0) return;
  const shareOver = (column: number) => {
    let count = 0;
    for (let row = 0; row < table.rows; row++) if (table.at(row, column) > 0.1) count++;
    return count / table.rows;
  };
  const last = shareOver(table.width - 1);
  const others = Array.from({ length: classes - 1 }, (_, k) => shareOver(4 + k));
  if (!(last >= 0.5) || others.some((share) => share > 0.2)) return;
  const open =
    `the last number of ${(100 * last).toFixed(0)} % of its rows is over 0.1, as scores of a class are not: it may be the angle ` +
    'of oriented boxes';
  throw undecided(evidence, open, `labelsFile (--labels-file) with ${classes} names, if it is a class,`);
}

/** YOLOv5 to YOLOv7, YOLOX. @param box  null: not decoded */
function withObjectness({ evidence, output, table, decisions }: Found, box: Box | null): Recognition {
  const named = namedClasses(evidence)?.count;
  const scores = scoreColumns(evidence, table, 4, named === undefined ? null : named + 1);
  const { family, because, input } = familyOf(output.layout, table, box === null);
  const found = {
    family,
    input,
    classes: scores.classes - 1,
    decisions: [settled('family', family, because), ...decisions, ...scores.decisions],
    warnings: scores.warnings,
  };
  if (box !== null) {
    const columns = { ...scores, classes: scores.classes - 1 };
    return { ...found, head: yoloHead(output, { objectness: true, suppress: true, scores: columns, box }) };
  }
  const { activation } = scores;
  const strides = [...output.layout.grid!.strides];
  if (output.layout.grid!.perCell === 1) {
    return { ...found, head: { family: 'yolox', output: output.name, strides, activation } };
  }
  const grid = anchorGrid(evidence, { outputs: [output.name], strides, activation }, [table]);
  return { ...found, head: grid.head, decisions: [...found.decisions, ...grid.decisions] };
}

function yoloHead(
  { name, layout }: DenseOutput,
  known: { objectness: boolean; suppress: boolean; scores: ScoreColumns; box: Box },
): HeadSpec {
  const { objectness, suppress, scores, box } = known;
  return {
    family: 'yolo',
    output: name,
    layout: layout.layout,
    objectness,
    activation: scores.activation,
    boxFormat: box.boxFormat,
    boxUnit: box.boxUnit,
    suppress,
    ...(scores.extra > 0 ? { extraColumns: scores.extra } : {}),
  };
}

function familyOf({ grid }: DenseLayout, table: Table, offsets: boolean) {
  if (grid?.perCell !== 1) {
    const because = 'box, objectness and scores for three anchors per cell';
    return { family: 'YOLOv5 or YOLOv7', because, input: LETTERBOX };
  }
  if (!offsets && alwaysOne(table)) {
    return { family: 'YOLOv6', because: 'box, objectness and scores per cell, objectness always 1', input: LETTERBOX };
  }
  const because = 'box, objectness and scores per cell; releases before 0.2 want RGB and ImageNet’s mean: spec input';
  return { family: 'YOLOX', because, input: YOLOX };
}

/** A row per cell that lies in memory as maps. */
function mapsOf(tensor: Tensor, { layout, grid }: DenseLayout, size: { width: number; height: number }) {
  if (layout !== 'rows' || grid?.perCell !== 1) return null;
  return mapsPerLevel(tensor, grid.strides, size);
}

/** YOLOX whose exporter reshaped maps into rows without transposing them, as bubbliiiing's yolox-pytorch has it. */
function channelsFirst(
  evidence: Evidence,
  { name, layout: { grid }, input = LETTERBOX }: DenseOutput,
  { table, because }: { table: Table; because: string },
): Recognition {
  const { activation, classes, extra, decisions: scoreReasons } = scoreColumns(evidence, table, 4, null);
  const { reading, decisions } = readCentres(evidence, table, grid, input);
  if (reading !== 'offsets' || extra > 0) {
    throw undecided(evidence, `its rows are maps in memory: ${because}`, 'A whole spec');
  }
  const strides = [...grid!.strides];
  return {
    family: 'YOLOX',
    head: {
      family: 'yolo-grid',
      outputs: [name],
      order: 'anchors-channels',
      strides,
      anchors: strides.map((stride) => [stride, stride]),
      reach: strides.map(() => 1),
      size: 'exp',
      boxActivation: 'none',
      activation,
    },
    input: CHANNELS_FIRST satisfies FamilyInput,
    classes: classes - 1,
    decisions: [
      settled('family', 'YOLOX', 'box, objectness and scores per cell'),
      settled('head.order', 'anchors-channels', because),
      ...scoreReasons,
      ...decisions,
    ],
  };
}
