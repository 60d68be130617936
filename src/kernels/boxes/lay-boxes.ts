import { homeOf, kernelMemory } from '../memory.js';

/** Where boxes lie in an array: the k-th number of row r at start + r·rowStep + k·step. */
export interface BoxLayout {
  data: Float32Array;
  start: number;
  rowStep: number;
  step: number;
}

/** What a box's four numbers are. */
export interface BoxForm {
  /** Two corners; centre and size; top left corner and size. */
  form: 'corners' | 'centred' | 'sized';
  /** Whether y stands before x. */
  swapped: boolean;
  /** What numbers along each axis are multiplied by. */
  scaleX: number;
  scaleY: number;
}

const FORMS = { corners: 0, centred: 1, sized: 2 };

/**
 * The boxes of some rows as corners; float64 inside, rounded once to float32.
 *
 * @param rows  not changed
 * @returns [rows.length, 4] xyxy
 */
export function layBoxes(rows: Uint32Array, layout: BoxLayout, { form, swapped, scaleX, scaleY }: BoxForm) {
  const n = rows.length;
  const home = homeOf(layout.data);
  home?.memory.clear();
  const stays = home?.memory.fits(20 * n + 64) === true; // where its outputs are held, a memory is not to grow
  const memory = stays ? home.memory : kernelMemory();
  const rowIds = stays ? memory.put(rows) : 0;
  const values = stays ? home.start + 4 * layout.start : memory.put(gathered(rows, layout));
  const rowBytes = stays ? 4 * layout.rowStep : 16;
  const step = stays ? 4 * layout.step : 4;
  const boxes = memory.reserve(16 * n);
  memory.kernels.layBoxes(values, rowIds, n, rowBytes, step, FORMS[form], Number(swapped), scaleX, scaleY, boxes);
  return memory.copyF32(boxes, 4 * n);
}

/** @returns [rows.length, 4] */
function gathered(rows: Uint32Array, { data, start, rowStep, step }: BoxLayout): Float32Array {
  const numbers = new Float32Array(4 * rows.length);
  for (let i = 0; i < rows.length; i++) {
    const at = start + rows[i]! * rowStep;
    for (let k = 0; k < 4; k++) numbers[4 * i + k] = data[at + k * step]!;
  }
  return numbers;
}
