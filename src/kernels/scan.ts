/** Places in a score matrix that reach their threshold; field arrays of equal length, rows ascending. */
export interface Hits {
  rows: Uint32Array;
  classIds: Uint16Array;
  /** The values found there, as they stand in the matrix. */
  values: Float32Array;
}

export interface ScanOptions {
  /** Columns of the matrix. */
  classes: number;
  /** [classes] a value v is a hit when v ≥ threshold; NaN: never. In the same space as the values (logits: logits). */
  thresholds: Float64Array;
  /** Ascending columns that take part. With `single`, the ones that compete for a row. */
  columns: Uint16Array;
  /** At most one hit per row: the row's highest value (ties: lower column), if that one reaches its threshold. */
  single: boolean;
}

/**
 * Finds the values of a row-major score matrix that reach their class's threshold. NaN is never a hit.
 *
 * @param values  [rows, classes]. Not changed.
 * @returns hits by row, then by column.
 */
export function scanRows(values: Float32Array, options: ScanOptions): Hits {
  const { classes } = options;
  const found = options.single ? singlePlaces(values, options) : allPlaces(values, options);
  const hits: Hits = {
    rows: new Uint32Array(found.length),
    classIds: new Uint16Array(found.length),
    values: new Float32Array(found.length),
  };
  for (let i = 0; i < found.length; i++) {
    const place = found[i]!;
    hits.rows[i] = Math.floor(place / classes);
    hits.classIds[i] = place % classes;
    hits.values[i] = values[place]!;
  }
  return hits;
}

function allPlaces(values: Float32Array, { classes, thresholds, columns }: ScanOptions): number[] {
  const places: number[] = [];
  for (let start = 0; start < values.length; start += classes) {
    for (let k = 0; k < columns.length; k++) {
      const column = columns[k]!;
      if (values[start + column]! >= thresholds[column]!) places.push(start + column);
    }
  }
  return places;
}

function singlePlaces(values: Float32Array, { classes, thresholds, columns }: ScanOptions): number[] {
  const places: number[] = [];
  for (let start = 0; start < values.length; start += classes) {
    let best = -1;
    let highest = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < columns.length; k++) {
      const value = values[start + columns[k]!]!;
      // The second part: −∞ is a value like any other (the logit of 0), NaN is none.
      if (value > highest || (best < 0 && value === highest)) {
        highest = value;
        best = columns[k]!;
      }
    }
    if (best >= 0 && highest >= thresholds[best]!) places.push(start + best);
  }
  return places;
}
