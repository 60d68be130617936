import { complain } from '../../errors.js';
import { readCoco } from '../../formats/coco/read-coco.js';
import { type GivenNumbers, givenNumbers } from '../../formats/given-numbers.js';

/**
 * The numbers that a COCO dataset gives images and categories, once it has one for every image.
 *
 * @param images   names
 * @param dataset  path of it
 * @throws SigboxError E_IO  the dataset can't be read, or is none. E_ARGUMENT  it lacks one of the images.
 */
export async function imageIds(images: readonly string[], dataset: string): Promise<GivenNumbers> {
  const numbers = givenNumbers(await readCoco(dataset, {}));
  for (const image of images) {
    const id = numbers.imageId(image);
    if (typeof id === 'number') continue;
    const many = id === undefined ? '' : ' It has several of that name in different folders.';
    throw complain('E_ARGUMENT', {
      where: dataset,
      expected: 'a number for every image',
      received: `none for ${image}`,
      mend: `Name the folder of the dataset's images as the input.${many}`,
    });
  }
  return numbers;
}
