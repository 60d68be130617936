import { malformed } from '../reading/malformed.js';

/** Index of each column in a record; null where the file has none. */
export type Columns = Record<'image' | 'x1' | 'y1' | 'x2' | 'y2' | 'label', number> &
  Record<'width' | 'height' | 'region' | 'score' | 'difficult' | 'crowd', number | null>;

/** What each column may be called, in small letters; the first is what is written. */
const NAMES: Record<keyof Columns, string[]> = {
  image: ['image', 'filename', 'file_name', 'path', 'image_path', 'image_name'],
  width: ['width', 'image_width', 'img_width'],
  height: ['height', 'image_height', 'img_height'],
  region: ['region'],
  x1: ['x1', 'xmin', 'x_min'],
  y1: ['y1', 'ymin', 'y_min'],
  x2: ['x2', 'xmax', 'x_max'],
  y2: ['y2', 'ymax', 'y_max'],
  label: ['label', 'class', 'class_name', 'name', 'label_name'],
  score: ['score', 'confidence'],
  difficult: ['difficult'],
  crowd: ['crowd', 'iscrowd'],
};
const OPTIONAL = new Set<string>(['width', 'height', 'region', 'score', 'difficult', 'crowd']);

/** `path,x1,y1,x2,y2,class`, as RetinaNet's tools have it without a header; an image without boxes has empty fields. */
const WITHOUT_HEADER: Columns = {
  ...{ image: 0, x1: 1, y1: 2, x2: 3, y2: 4, label: 5 },
  ...{ width: null, height: null, region: null, score: null, difficult: null, crowd: null },
};

/**
 * The columns that a first record names; or null where it is a box itself.
 *
 * @throws SigboxError E_IO  a column that is missing
 */
export function columnsNamed(header: readonly string[], where: string): Columns | null {
  if (isRecord(header)) return null;
  const names = header.map((name) => name.trim().toLowerCase());
  const found = Object.entries(NAMES).map(([column, known]) => {
    const name = known.find((each) => names.includes(each));
    if (name !== undefined) return [column, names.indexOf(name)];
    if (OPTIONAL.has(column)) return [column, null];
    throw malformed(where, `a column ${known.join(' or ')}`, header.join(','));
  });
  return Object.fromEntries(found);
}

export function columnsWithoutHeader(): Columns {
  return WITHOUT_HEADER;
}

function isRecord(fields: readonly string[]): boolean {
  const edges = fields.slice(1, 5);
  return fields.length === 6 && edges.every((text) => Number.isFinite(Number(text)));
}

/** Whether a header is that of Label Studio's CSV, which has annotations as JSON. */
export function isLabelStudioHeader(header: readonly string[]): boolean {
  return header.includes('annotation_id') && header.includes('annotator') && header.includes('lead_time');
}
