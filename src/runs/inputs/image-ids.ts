import { complain } from '../../errors.js';
import { type GivenNumbers, givenNumbers } from '../../formats/coco/given-numbers.js';
import { readDataset } from '../../formats/read-dataset.js';

/**
 * The numbers that a COCO dataset gives images and categories, once it has one for every image.
 *
 * @param images   names
 * @param dataset  path of it
 * @throws SigboxError E_IO  the dataset can't be read, or is none. E_ARGUMENT  it lacks one of the images.
 */
export async function imageIds(images: readonly string[], dataset: string): Promise<GivenNumbers> {
  const numbers = givenNumbers(await readDataset(dataset, { from: 'coco' }));
  for (const [i, id] of numbers.imageIds(images).entries()) {
    if (typeof id === 'number') continue;
    throw complain('E_ARGUMENT', {
      where: dataset,
      expected: 'a number for every image',
      received: `none for ${images[i]}`,
      mend: `Name the folder of the dataset's images as the input: ${id}.`,
    });
  }
  return numbers;
}
