import { readFile } from 'node:fs/promises';
import { complain, reason, SigboxError } from '../errors.js';
import { cocoImageIds } from '../formats/coco.js';

/**
 * The number of each image in COCO files.
 *
 * @param images   names, in their order
 * @param dataset  path of a COCO dataset whose numbers are to be taken: of the image of the same name, else of the only
 *   one with the same last part of the name. Default: numbers from the names, or 1, 2, 3 (see cocoImageIds)
 * @throws SigboxError E_IO  the dataset can't be read, or is none. E_ARGUMENT  it lacks one of the images.
 */
export async function imageIds(images: readonly string[], dataset?: string): Promise<Map<string, number>> {
  if (dataset === undefined) return cocoImageIds(images);
  const { byName, byLastPart } = await numbersOf(dataset);
  return new Map(
    images.map((image) => {
      const id = byName.get(image) ?? byLastPart.get(lastPart(image));
      if (typeof id === 'number') return [image, id];
      const many = id === undefined ? '' : ' It has several of that name in different folders.';
      throw complain('E_ARGUMENT', {
        where: dataset,
        expected: 'a number for every image',
        received: `none for ${image}`,
        mend: `Name the folder of the dataset's images as the input.${many}`,
      });
    }),
  );
}

async function numbersOf(dataset: string) {
  const byName = new Map<string, number>();
  const byLastPart = new Map<string, number | null>(); // null: of several
  for (const { id, file_name } of await imagesOf(dataset)) {
    byName.set(file_name, id);
    byLastPart.set(lastPart(file_name), byLastPart.has(lastPart(file_name)) ? null : id);
  }
  return { byName, byLastPart };
}

async function imagesOf(dataset: string): Promise<{ id: number; file_name: string }[]> {
  let content: { images?: unknown } | null;
  try {
    content = JSON.parse(await readFile(dataset, 'utf8'));
  } catch (cause) {
    throw new SigboxError('E_IO', `${dataset}: cannot be read: ${reason(cause)}.`, { cause });
  }
  const images = content?.images;
  const known = (image: unknown) =>
    Number.isInteger((image as { id?: unknown })?.id) &&
    typeof (image as { file_name?: unknown }).file_name === 'string';
  if (Array.isArray(images) && images.every(known)) return images;
  const expected = 'a COCO dataset, with images that have an id and a file_name';
  throw complain('E_IO', { where: dataset, expected, received: images });
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}
