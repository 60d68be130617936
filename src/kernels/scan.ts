/** Places in a score matrix that reach their threshold; field arrays of equal length, by row, then by class. */
export interface Hits {
  rows: Uint32Array;
  classIds: Uint16Array;
  /** The values found there: as they stand in the matrix, times objectness where there is one. */
  values: Float32Array;
}

/** Where the scores of `rows` boxes and `classes` classes lie in an array: row r, class c at start + r·rowStep + c·classStep. */
export interface ScoreMatrix {
  data: Float32Array;
  rows: number;
  classes: number;
  start: number;
  rowStep: number;
  classStep: number;
  /** One number per row, at start + r·rowStep, that every score of the row is multiplied by. Both in [0, 1]. */
  objectness?: { start: number };
}

export interface ScanOptions {
  /** [classes] a value v is a hit when v ≥ threshold; NaN: never. In the same space as the values (logits: logits). */
  thresholds: Float64Array;
  /** Ascending columns that take part. With `single`, the ones that compete for a row. */
  columns: Uint16Array;
  /** At most one hit per row: the row's highest value (ties: lower column), if that one reaches its threshold. */
  single: boolean;
}

/**
 * Finds the values of a score matrix that reach their class's threshold. NaN is never a hit.
 *
 * @param matrix  not changed; lengths are the caller's business
 * @returns hits by row, then by column. Products with objectness are float32.
 */
export function scan(matrix: ScoreMatrix, options: ScanOptions): Hits {
  const found = options.single ? bestOfRows(matrix, options) : allPlaces(matrix, options);
  const hits: Hits = {
    rows: new Uint32Array(found.length),
    classIds: new Uint16Array(found.length),
    values: new Float32Array(found.length),
  };
  for (let i = 0; i < found.length; i++) {
    const place = found[i]!;
    const row = Math.floor(place / matrix.classes);
    hits.rows[i] = row;
    hits.classIds[i] = place % matrix.classes;
    hits.values[i] = valueAt(matrix, row, hits.classIds[i]!);
  }
  return hits;
}

/** A row-major matrix of nothing but scores. */
export function rowMajor(data: Float32Array, classes: number): ScoreMatrix {
  return { data, rows: data.length / classes, classes, start: 0, rowStep: classes, classStep: 1 };
}

function valueAt({ data, start, rowStep, classStep, objectness }: ScoreMatrix, row: number, classId: number): number {
  const value = data[start + row * rowStep + classId * classStep]!;
  return objectness === undefined ? value : Math.fround(value * data[objectness.start + row * rowStep]!);
}

/** @returns row · classes + class of each hit, ascending */
function allPlaces(matrix: ScoreMatrix, { thresholds, columns }: ScanOptions): number[] {
  const { data, rows, classes, start, rowStep, classStep, objectness } = matrix;
  if (objectness !== undefined) return placesWithObjectness(matrix, thresholds, columns);
  const places: number[] = [];
  if (classStep === 1) {
    for (let row = 0, at = start; row < rows; row++, at += rowStep) {
      for (let k = 0; k < columns.length; k++) {
        const column = columns[k]!;
        if (data[at + column]! >= thresholds[column]!) places.push(row * classes + column);
      }
    }
    return places;
  }
  // In the order of memory, which is much faster than a row at a time; then in the order of rows.
  for (let k = 0; k < columns.length; k++) {
    const column = columns[k]!;
    const threshold = thresholds[column]!;
    for (let row = 0, at = start + column * classStep; row < rows; row++, at += rowStep) {
      if (data[at]! >= threshold) places.push(row * classes + column);
    }
  }
  return places.sort((a, b) => a - b);
}

function placesWithObjectness(matrix: ScoreMatrix, thresholds: Float64Array, columns: Uint16Array): number[] {
  const { data, rows, classes, rowStep, objectness } = matrix;
  const wanted = thresholds.filter((threshold) => !Number.isNaN(threshold));
  const lowest = wanted.reduce((low, threshold) => Math.min(low, threshold), Number.POSITIVE_INFINITY);
  const places: number[] = [];
  for (let row = 0; row < rows; row++) {
    if (!(data[objectness!.start + row * rowStep]! >= lowest)) continue; // no score is above 1
    for (let k = 0; k < columns.length; k++) {
      const column = columns[k]!;
      if (valueAt(matrix, row, column) >= thresholds[column]!) places.push(row * classes + column);
    }
  }
  return places;
}

function bestOfRows(matrix: ScoreMatrix, { thresholds, columns }: ScanOptions): number[] {
  const places: number[] = [];
  for (let row = 0; row < matrix.rows; row++) {
    let best = -1;
    let highest = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < columns.length; k++) {
      const value = valueAt(matrix, row, columns[k]!);
      // The second part: −∞ is a value like any other (the logit of 0), NaN is none.
      if (value > highest || (best < 0 && value === highest)) {
        highest = value;
        best = columns[k]!;
      }
    }
    if (best >= 0 && highest >= thresholds[best]!) places.push(row * matrix.classes + best);
  }
  return places;
}
