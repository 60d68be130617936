import type { Items } from '../text/json-scan/entry.js';
import { slotsOf } from '../text/json-scan/entry.js';
import { JsonScanner } from '../text/json-scan/scan-json.js';
import { type BoxColumns, BoxColumnsBuilder } from './box-columns.js';

const LABEL = { label: 'label', score: 'number' } as const;

/** Fewest bytes that a label of a region takes in a line. */
const BYTES_PER_ROW = 48;

/** One label of a region whose box is not read yet. */
interface PendingLabel {
  label: string;
  score: number;
}

/**
 * Reads the record of a run, a line per image, as its bytes come in: a row for each label of each region. A last line that is
 * cut off is left out, for the run may still be going on.
 *
 * @param where  what the bytes are of, for errors: a file's name
 * @throws SigboxError E_IO  a line that is no result; names line and column
 */
export async function scanRecord(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  where: string,
  { bytes = 0 }: { bytes?: number } = {},
): Promise<BoxColumns> {
  const rows = new BoxColumnsBuilder({ rows: bytes / BYTES_PER_ROW, annotations: false, idsAre: 'names' });
  const imageSizes = new Map<string, readonly [width: number, height: number]>();
  const scanner = new JsonScanner({ lines: lineItems(rows, imageSizes) }, where);
  for await (const chunk of chunks) scanner.push(chunk);
  scanner.close({ mayBeCut: true });
  return { ...rows.finish(), imageSizes };
}

function lineItems(rows: BoxColumnsBuilder, sizes: Map<string, readonly [width: number, height: number]>): Items {
  const regions: { box: number[]; labels: PendingLabel[] }[] = [];
  let labels: PendingLabel[] = [];
  const label = slotsOf(LABEL);
  const labelItems: Items = {
    fields: LABEL,
    required: ['label', 'score'],
    visit: ({ texts, numbers }) => labels.push({ label: texts[label.label]!, score: numbers[label.score]! }),
  };
  const region = { box: 'box', labels: labelItems } as const;
  const detections: Items = {
    fields: region,
    required: ['box', 'labels'],
    visit: ({ numbers }) => {
      regions.push({ box: [...numbers.subarray(0, 4)], labels });
      labels = [];
    },
  };
  const fields = { image: 'text', width: 'number', height: 'number', detections } as const;
  const { image, width, height } = slotsOf(fields);
  return {
    fields,
    required: ['image', 'detections'],
    begin: () => {
      regions.length = 0;
      labels = [];
    },
    visit: ({ texts, numbers }) => {
      sizes.set(texts[image]!, [numbers[width]!, numbers[height]!]);
      addLine(rows, texts[image]!, regions);
    },
  };
}

function addLine(
  rows: BoxColumnsBuilder,
  image: string,
  regions: readonly { box: number[]; labels: readonly PendingLabel[] }[],
): void {
  rows.addImage(image);
  for (const { box, labels } of regions) {
    const [x1, y1, x2, y2] = box as [number, number, number, number];
    for (const { label, score } of labels) rows.addCorners({ image, category: label, x1, y1, x2, y2, score });
  }
}
