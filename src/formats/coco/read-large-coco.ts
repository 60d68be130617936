import type { CocoFile } from '../../columns/coco-file.js';
import type { AnnotatedImage, CocoId } from '../../types/annotations.js';
import type { Box } from '../../types/detections.js';
import type { ReadContext } from '../format.js';
import { malformed } from '../reading/malformed.js';
import type { Row } from '../rows.js';
import { joinRows } from '../rows.js';

import { readCocoText } from './read-coco-text.js';

/** What `readCoco` makes of a file that is too large for one text: images with rows, and the categories that are used. */
export interface LargeCoco {
  categories: CocoFile['categories'];
  images: AnnotatedImage[];
  used: Set<CocoId>;
}

/**
 * Reads a COCO dataset of any size as its bytes come in. Annotations need a bbox here.
 *
 * @throws SigboxError E_IO  it can't be read, or is not as COCO has it; names line and column
 */
export async function readLargeCoco(path: string, { remarks }: Pick<ReadContext, 'remarks'>): Promise<LargeCoco> {
  const text = await readCocoText(path);
  if (text?.kind !== 'dataset') throw malformed(path, 'a COCO dataset', text?.kind ?? 'JSON of another kind');
  const { images, categories, annotations } = text.file;
  const rows = new Map<CocoId, Row[]>(images.map(({ id }) => [id, []]));
  const names = new Map<CocoId, string>(categories.map(({ id, name }) => [id, name]));
  const used = new Set<CocoId>();
  for (let n = 0; n < annotations.count; n++) {
    const image = annotations.imageIds[annotations.images[n]!]!;
    const category = annotations.categoryIds[annotations.categories[n]!]!;
    const [place, label] = [rows.get(image), names.get(category)];
    if (place === undefined || label === undefined) {
      remarks.add('orphan', `${path}: annotation ${n} has image_id ${image}, category_id ${category}`);
      continue;
    }
    used.add(category);
    place.push(rowAt(annotations, n, label));
  }
  if (rows.size < images.length) remarks.add('image-id', path, images.length - rows.size);
  const labelsOf = (ids: readonly CocoId[] = []) => [...new Set(ids.flatMap((id) => names.get(id) ?? []))];
  return {
    categories,
    used,
    images: images.map(({ id, name, width, height, absent, incomplete }) => ({
      image: name ?? String(id),
      ...(typeof id === 'number' && { id }),
      ...{ width, height, regions: joinRows(rows.get(id)!) },
      ...(absent !== undefined && absent.length > 0 && { absent: labelsOf(absent) }),
      ...(incomplete !== undefined && incomplete.length > 0 && { incomplete: labelsOf(incomplete) }),
    })),
  };
}

function rowAt({ boxes, scores, annotations }: CocoFile['annotations'], n: number, label: string): Row {
  const box = [boxes[4 * n]!, boxes[4 * n + 1]!, boxes[4 * n + 2]!, boxes[4 * n + 3]!] as Box;
  const { sizes, areas, crowds } = annotations!;
  const size: [number, number] = [sizes[2 * n]!, sizes[2 * n + 1]!];
  const isExact = box[2] - box[0] === size[0] && box[3] - box[1] === size[1];
  return {
    box,
    ...(!isExact && { size }),
    label,
    ...(crowds[n] === 1 && { crowd: true }),
    ...(!Number.isNaN(areas[n]!) && { area: areas[n]! }),
    ...(!Number.isNaN(scores[n]!) && { score: scores[n]! }),
  };
}
