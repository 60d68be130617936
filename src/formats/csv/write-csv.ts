import { stringify } from 'csv-stringify/sync';
import { shortestFloat32 } from '../../text/json-number.js';
import type { AnnotatedImage } from '../../types/annotations.js';
import type { Annotations, Survey } from '../annotations.js';
import type { Writer } from '../format.js';
import { rowsOf } from '../rows.js';
import { guardCell } from './formula-guard.js';

/**
 * CSV: a line per label of a region, with the number of the region in its image; an image without regions is a line of
 * its own. Names and labels that a spreadsheet would take for a formula have an apostrophe in front. Columns `score`, `difficult` and `crowd` are there when any line needs them.
 *
 * Source: RFC 4180, with line feeds
 */
export const writeCsv: Writer = async function* (annotations, { survey }) {
  yield { path: 'annotations.csv', pieces: table(annotations, survey) };
};

async function* table({ images }: Annotations, survey: Survey): AsyncGenerator<string> {
  const extra = [
    ...(survey.scores ? ['score'] : []),
    ...(survey.difficult ? ['difficult'] : []),
    ...(survey.crowds ? ['crowd'] : []),
  ];
  const columns = ['image', 'width', 'height', 'region', 'x1', 'y1', 'x2', 'y2', 'label', ...extra];
  yield lines([columns]);
  for await (const image of images())
    yield lines(recordsOf(image).map((record) => columns.map((name) => record[name])));
}

function recordsOf({ image, width, height, regions }: AnnotatedImage): Record<string, unknown>[] {
  const place = { image: guardCell(image), width, height };
  if (regions.length === 0) return [place];
  return regions.flatMap((region, i) =>
    rowsOf(region).map(({ box, label, score, difficult, crowd }) => {
      const [x1, y1, x2, y2] = box.map(shortestFloat32);
      const marks = {
        score: score === undefined ? '' : shortestFloat32(score),
        difficult: flag(difficult),
        crowd: flag(crowd),
      };
      return { ...place, region: i + 1, x1, y1, x2, y2, label: guardCell(label), ...marks };
    }),
  );
}

function flag(set: boolean | undefined): 0 | 1 {
  return set ? 1 : 0;
}

function lines(records: unknown[][]): string {
  return stringify(records, { quoted_match: /\r|^\s|\s$/ });
}
