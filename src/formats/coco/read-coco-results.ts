import { complain } from '../../errors.js';
import { readJson } from '../../files/read-file.js';
import type { CocoId } from '../../types/annotations.js';
import type { Reader } from '../format.js';
import { malformed } from '../reading/malformed.js';
import { joinRows, type Row } from '../rows.js';
import { boxOfAnnotation, fieldsOf, idIn, scoreIn } from './coco-fields.js';

/**
 * Reads COCO's results form against the dataset whose images and categories it numbers. Category numbers that the
 * dataset does not have become labels of their own, named by the number; images that it does not have are skipped.
 *
 * @throws SigboxError E_ARGUMENT  no dataset, or one that does not number its images
 */
export const readCocoResults: Reader = async (path, { dataset, remarks }) => {
  const names = new Map<CocoId, string>(dataset?.labels.map((label, i) => [dataset.categoryIds?.[i] ?? i, label]));
  const rows = new Map<CocoId, Row[]>();
  for (const { id } of dataset?.images ?? []) if (id !== undefined) rows.set(id, []);
  if (dataset === undefined || rows.size < dataset.images.length) {
    const expected = 'a dataset with ids of images, for COCO results hold only numbers';
    const mend = 'Name the COCO file that the results are for (dataset; on the command line --dataset).';
    throw complain('E_ARGUMENT', { where: path, expected, received: dataset ?? 'none', mend });
  }
  const entries = await readJson(path);
  if (!Array.isArray(entries)) throw malformed(path, 'a list of results', entries);
  for (const [i, value] of entries.entries()) {
    remarks.attempt(() => {
      const where = `${path}: ${i}`;
      const entry = fieldsOf(value, where);
      const [imageId, categoryId] = [idIn(entry, 'image_id', where), idIn(entry, 'category_id', where)];
      const [box, score] = [boxOfAnnotation(entry, where), scoreIn(entry, where)];
      if (score === undefined) throw malformed(`${where}.score`, 'a number from 0 to 1', score);
      if (box === null) throw malformed(`${where}.bbox`, 'four numbers: x, y, width, height', entry.bbox);
      const place = rows.get(imageId);
      if (place === undefined) throw malformed(`${where}.image_id`, 'an image of the dataset', imageId);
      const label = names.get(categoryId) ?? String(categoryId);
      names.set(categoryId, label);
      place.push({ ...box, label, score });
    });
  }
  const images = dataset.images.map(({ id, image, width, height }) => ({
    ...{ image, id: id!, width, height },
    regions: joinRows(rows.get(id!)!),
  }));
  const ids = [...names.keys()].filter((id) => typeof id === 'number');
  return { labels: [...names.values()], ...(ids.length === names.size && { categoryIds: ids }), images };
};
