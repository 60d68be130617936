import { float32From } from './gates.js';
import { homeOf, type KernelMemory } from './memory.js';
import type { ScoreMatrix } from './scan.js';

/** Rows at a time that are read where they are. */
const BLOCK = 65536;

/** The rows whose objectness is not below a number. */
export function rowsFrom({ data, rows, rowStep, objectness }: ScoreMatrix, lowest: number): Uint32Array {
  const home = homeOf(data);
  if (home !== null) return rowsFromHome(home.memory, home.start + 4 * objectness!.start, { rows, rowStep, lowest });
  const taken = new Uint32Array(rows);
  let count = 0;
  for (let row = 0, at = objectness!.start; row < rows; row++, at += rowStep) {
    if (data[at]! >= lowest) taken[count++] = row;
  }
  return taken.slice(0, count);
}

function rowsFromHome(
  memory: KernelMemory,
  start: number,
  { rows, rowStep, lowest }: { rows: number; rowStep: number; lowest: number },
): Uint32Array {
  memory.clear();
  const names = memory.reserve(4 * BLOCK);
  const parts: Uint32Array[] = [];
  for (let first = 0; first < rows; first += BLOCK) {
    const count = Math.min(BLOCK, rows - first);
    const found = memory.kernels.rowsFrom(start + 4 * first * rowStep, count, 4 * rowStep, float32From(lowest), names);
    const part = memory.copyU32(names, found);
    parts.push(first === 0 ? part : part.map((row) => row + first));
  }
  return parts.length === 1 ? parts[0]! : Uint32Array.from(parts.flatMap((part) => [...part]));
}
