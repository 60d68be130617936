import { type OptionsOf, option } from '../../check/option.js';
import { oneOf } from '../../check/shapes.js';
import { text } from '../../check/words.js';
import { READABLE_FORMATS } from '../../formats/format.js';
import type { ReadDatasetOptions } from '../../formats/read-dataset.js';

/** How annotations are read, alike in every command that reads some. */
export const READING_OPTIONS = {
  /** Format of the annotations. */
  from: option(oneOf(...READABLE_FORMATS), {
    words: {
      from: {
        form: 'text',
        choices: READABLE_FORMATS,
        help: 'Format of the annotations that are read',
        otherwise: 'detected from their files',
      },
    },
  }),
  /** Folder of the images. */
  images: option(text, {
    words: {
      images: {
        form: 'text',
        value: 'FOLDER',
        completes: 'files',
        help: 'Folder of the annotated images, for YOLO files that don’t name it, and for Open Images',
      },
    },
  }),
  /** The one list of images that counts. */
  split: option(text, {
    words: { split: { form: 'text', value: 'NAME', help: 'YOLO, VOC: only this list of images: train, val, test' } },
  }),
  /** VOC: number of the first pixel. */
  firstPixel: option(oneOf('0', '1'), {
    words: {
      'first-pixel': {
        form: 'text',
        choices: ['0', '1'],
        help: 'VOC: number of the first pixel',
        otherwise: 'detected from the boxes',
      },
    },
  }),
  /** Encoding of text files. */
  encoding: option(text, {
    words: {
      encoding: {
        form: 'text',
        value: 'NAME',
        help: 'YOLO, VOC, CVAT, CSV: encoding of text files, as windows-1252 or gb18030',
        otherwise: 'detected from the files',
      },
    },
  }),
};

type ReadingOptions = OptionsOf<typeof READING_OPTIONS>;

/** Those of a command's options as `readDataset` takes them, and the others. */
export function splitReading<Options extends ReadingOptions>(options: Options) {
  const { from, images, split, firstPixel, encoding, ...others } = options;
  const pixel = firstPixel === undefined ? undefined : firstPixel === '1' ? 1 : 0;
  const reading: ReadDatasetOptions = { from, images, split, encoding, firstPixel: pixel };
  return { reading, others };
}
