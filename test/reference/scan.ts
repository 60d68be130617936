import type { Hits, ScoreMatrix } from '../../src/kernels/scan/score-matrix.js';
import type { ScanOptions } from '../support/scan.js';

/**
 * Finds the values of a score matrix that reach their class's threshold, one number at a time; `scan` of src/kernels is
 * compared with it.
 */
export function scan(matrix: ScoreMatrix, options: ScanOptions): Hits {
  const found = options.single ? bestOfRows(matrix, options) : allPlaces(matrix, options);
  const hits: Hits = {
    rows: new Uint32Array(found.length),
    classIds: new Uint16Array(found.length),
    values: new Float32Array(found.length),
  };
  for (let i = 0; i < found.length; i++) {
    const place = found[i];
    const row = Math.floor(place / matrix.classes);
    hits.rows[i] = row;
    hits.classIds[i] = place % matrix.classes;
    hits.values[i] = valueAt(matrix, row, hits.classIds[i]);
  }
  return hits;
}

function valueAt({ data, start, rowStep, classStep, objectness }: ScoreMatrix, row: number, classId: number): number {
  const value = data[start + row * rowStep + classId * classStep];
  return objectness === undefined ? value : Math.fround(value * data[objectness.start + row * rowStep]);
}

/** @returns row · classes + class of each hit, ascending */
function allPlaces(matrix: ScoreMatrix, { thresholds, columns }: ScanOptions): number[] {
  const { data, rows, classes, start, rowStep, classStep, objectness } = matrix;
  if (objectness !== undefined) return placesWithObjectness(matrix, objectness, thresholds, columns);
  const places: number[] = [];
  if (classStep === 1) {
    for (let row = 0, at = start; row < rows; row++, at += rowStep) {
      for (let k = 0; k < columns.length; k++) {
        const column = columns[k];
        if (data[at + column] >= thresholds[column]) places.push(row * classes + column);
      }
    }
    return places;
  }
  // In the order of memory, which is much faster than a row at a time; then in the order of rows.
  for (let k = 0; k < columns.length; k++) {
    const column = columns[k];
    const threshold = thresholds[column];
    for (let row = 0, at = start + column * classStep; row < rows; row++, at += rowStep) {
      if (data[at] >= threshold) places.push(row * classes + column);
    }
  }
  return places.sort((a, b) => a - b);
}

function placesWithObjectness(
  matrix: ScoreMatrix,
  objectness: { start: number },
  thresholds: Float64Array,
  columns: Uint16Array,
): number[] {
  const { data, rows, classes, rowStep } = matrix;
  const wanted = thresholds.filter((threshold) => !Number.isNaN(threshold));
  const lowest = wanted.reduce((low, threshold) => Math.min(low, threshold), Number.POSITIVE_INFINITY);
  const places: number[] = [];
  for (let row = 0; row < rows; row++) {
    if (!(data[objectness.start + row * rowStep] >= lowest)) continue; // no score is above 1
    for (let k = 0; k < columns.length; k++) {
      const column = columns[k];
      if (valueAt(matrix, row, column) >= thresholds[column]) places.push(row * classes + column);
    }
  }
  return places;
}

function bestOfRows(matrix: ScoreMatrix, { thresholds, columns }: ScanOptions): number[] {
  const places: number[] = [];
  const { data, rowStep, objectness } = matrix;
  const lowest = thresholds.reduce((low, t) => (t < low ? t : low), Number.POSITIVE_INFINITY);
  for (let row = 0; row < matrix.rows; row++) {
    if (objectness !== undefined && !(data[objectness.start + row * rowStep] >= lowest)) continue;
    let best = -1;
    let highest = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < columns.length; k++) {
      const value = valueAt(matrix, row, columns[k]);
      // The second part: −∞ is a value like any other (the logit of 0), NaN is none.
      if (value > highest || (best < 0 && value === highest)) {
        highest = value;
        best = columns[k];
      }
    }
    if (best >= 0 && highest >= thresholds[best]) places.push(row * matrix.classes + best);
  }
  return places;
}
