import type { InputUnit } from '../../../heads/decode/boxes.js';
import { gridAt, gridsOf, type LevelGrid } from '../../../heads/decode/levels.js';
import { sigmoid } from '../../../kernels/maths/activation.js';
import { type Decision, type Evidence, type FamilyInput, settled } from '../../recognition.js';
import { undecided } from '../../refusal.js';
import type { Grid } from '../layout/dense-layout.js';
import { type Table, unitOf } from '../layout/table.js';

/** What the first two numbers of a row are: a centre, or where it lies from the row's cell. */
export interface CentreReading {
  reading: InputUnit | 'offsets';
  decisions: Decision[];
}

/** Cells that a centre may lie from its own cell on average. Files of 2021 to 2026 have 0.3 to 0.7. */
const FARTHEST = 3;

/**
 * Tells decoded boxes from those that are not: rows stand for cells, and boxes of a run lie by their own cells in one
 * reading of the numbers only.
 *
 * @param grid  null: rows stand for nothing known, and boxes are taken for decoded
 * @throws SigboxError E_MODEL  boxes lie by their cells in no reading
 */
export function readCentres(evidence: Evidence, table: Table, grid: Grid | null, input: FamilyInput): CentreReading {
  if (grid === null || !hasCentres(table)) {
    const { unit, decision } = unitOf(table);
    return { reading: unit, decisions: [decision] };
  }
  const { width, height } = evidence.sizeOf(input);
  const levels = gridsOf(grid.strides, { inputWidth: width, inputHeight: height });
  const distances = {
    'input-pixels': meanDistance(table, levels, grid, (x, cell, { stride }) => x / stride - cell),
    'input-fractions': meanDistance(table, levels, grid, (x, cell, { stride }) => (x * width) / stride - cell),
    offsets: meanDistance(table, levels, grid, (x) => (grid.perCell === 1 ? x : 2 * unitRange(x) - 0.5)),
  };
  const ranked = Object.entries(distances).sort(([, a], [, b]) => a - b) as [CentreReading['reading'], number][];
  const [reading, distance] = ranked[0]!;
  const shown = ranked.map(([name, cells]) => `${cells.toFixed(1)} as ${name}`).join(', ');
  const because = `centres of a run lie this many cells from their own: ${shown}`;
  if (!(distance < FARTHEST)) {
    throw undecided(evidence, `boxes lie by their cells in no reading: ${because}`, 'A whole spec');
  }
  const field = reading === 'offsets' ? 'head.family' : 'head.boxUnit';
  return { reading, decisions: [settled(field, reading === 'offsets' ? 'not decoded' : reading, because)] };
}

function hasCentres(table: Table): boolean {
  for (let row = 0; row < table.rows; row++) if (Number.isFinite(table.at(row, 0))) return true;
  return false;
}

/** Logits and what σ makes of them, both from 0 to 1. */
function unitRange(value: number): number {
  return value >= 0 && value <= 1 ? value : sigmoid(value);
}

type PlaceInCells = (x: number, cell: number, level: LevelGrid) => number;

/** How far the centres lie from the middle of their cells, in cells, along x. */
function meanDistance(table: Table, levels: LevelGrid[], { perCell }: Grid, place: PlaceInCells): number {
  let sum = 0;
  let count = 0;
  for (let row = 0; row < table.rows; row++) {
    const level = gridAt(levels, Math.floor(row / perCell));
    const inLevel = row - level.before * perCell;
    const cell = inLevel % level.width; // lines, and anchors before them, are whole
    const distance = Math.abs(place(table.at(row, 0), cell, level) - 0.5);
    if (!Number.isFinite(distance)) continue;
    sum += distance;
    count++;
  }
  return sum / count;
}
