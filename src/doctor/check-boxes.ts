import { orderBy, rowNumbers } from '../evaluate/matching/orders.js';
import { overlapOf } from '../evaluate/matching/overlap.js';
import type { GroundTruthSet } from '../evaluate/tables/ground-truth-set.js';
import { type Finding, type FindingPlace, finding } from './finding.js';

/** Two boxes of one label that overlap by more than this are one object twice. */
const SAME = 0.95;

/** Boxes that are empty, outside their image, or there twice. */
export function checkBoxes(groundTruth: GroundTruthSet): Finding[] {
  const { table, images } = groundTruth;
  const [empty, outside]: [FindingPlace[], FindingPlace[]] = [[], []];
  for (let row = 0; row < table.images.length; row++) {
    const [x1, y1, x2, y2] = table.boxes.subarray(4 * row, 4 * row + 4) as unknown as [number, number, number, number];
    const { width, height } = images[table.images[row]!]!;
    if (!(x2 > x1 && y2 > y1)) empty.push(placeOf(groundTruth, row));
    // a pixel of tolerance: annotation tools round
    else if (width > 0 && height > 0 && (x1 < -1 || y1 < -1 || x2 > width + 1 || y2 > height + 1)) {
      outside.push({ ...placeOf(groundTruth, row), note: `the image has ${width} × ${height} pixels` });
    }
  }
  return [
    ...finding(
      'empty-box',
      'error',
      { what: 'boxes are empty', mend: 'Remove them: no detection can match a box without area.' },
      empty,
    ),
    ...finding(
      'box-outside',
      'error',
      {
        what: 'boxes reach outside their image',
        mend: 'Clip them, or check that the annotations are of these images.',
      },
      outside,
    ),
    ...finding(
      'duplicate-box',
      'warning',
      { what: `boxes overlap another one of their label by more than ${SAME}`, mend: 'Remove one of each pair.' },
      duplicates(groundTruth),
    ),
  ];
}

function duplicates(groundTruth: GroundTruthSet): FindingPlace[] {
  const { table } = groundTruth;
  const rows = orderBy(orderBy(rowNumbers(table.images.length), table.images), table.classIds);
  const places: FindingPlace[] = [];
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    for (let k = i + 1; k < rows.length; k++) {
      const other = rows[k]!;
      if (table.images[other] !== table.images[row] || table.classIds[other] !== table.classIds[row]) break;
      if (table.crowds[row] === 1 || table.crowds[other] === 1) continue;
      if (overlapOf(table, row, table, other) > SAME) {
        places.push(placeOf(groundTruth, other));
        break;
      }
    }
  }
  return places;
}

/** Image, label and box of a ground truth. */
export function placeOf({ table, images, labels }: GroundTruthSet, row: number): FindingPlace {
  const { name, id } = images[table.images[row]!]!;
  const box = [...table.boxes.subarray(4 * row, 4 * row + 4)];
  return { image: name ?? String(id), label: labels[table.classIds[row]!]!, box };
}
