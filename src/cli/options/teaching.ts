import { given, requireOperands, type Values } from './command.js';
import { single, wholeNumber } from './values.js';

/** What the commands that learn from labelled images have in common. */
export interface TeachingArguments {
  groundTruth: string;
  /** Folder of a run. */
  run: string;
  /** Path of the thresholds file. */
  out: string;
  /** Folder of the ground truth's images. */
  images: string | undefined;
  /** The one list of the ground truth that counts. */
  split: string | undefined;
  /** Name or path of a label map. */
  map: string | undefined;
  json: boolean;
  folding: { folds?: number; seed?: number; minExamples?: number };
}

const text = { string: true, requiresArg: true } as const;

export const teachingOptions = {
  out: {
    ...text,
    demandOption: true,
    describe: 'The thresholds file to write; what else one of that name holds is kept',
  },
  images: { ...text, describe: 'Folder of the images, for YOLO ground truth that doesn’t name it' },
  split: { ...text, describe: 'Only this split of YOLO or VOC ground truth: train, val, test …' },
  map: {
    ...text,
    describe:
      'The label map that the file is to be used with, for ground truth and run alike; labels above others learn nothing',
  },
  folds: { ...text, describe: 'Parts of the images, each judged with what the others teach. Default: 5' },
  seed: { ...text, describe: 'Of what is drawn at random: the same one gives the same file. Default: 1' },
  json: { boolean: true, default: false, describe: 'Every number, as JSON' },
} as const;

export function readTeaching(command: string, operands: string[], values: Values): TeachingArguments {
  requireOperands(command, operands, { least: 2, most: 2, what: 'a ground truth and the folder of a run' });
  const [groundTruth, run] = operands as [string, string];
  const numbers = {
    folds: wholeNumber(values, 'folds', 2),
    seed: wholeNumber(values, 'seed', 0),
    minExamples: wholeNumber(values, 'min-examples', 1),
  };
  const paths = { groundTruth, run, out: single(values, 'out')!, images: single(values, 'images') };
  return {
    ...paths,
    split: single(values, 'split'),
    map: single(values, 'map'),
    json: values.json === true,
    folding: given(numbers),
  };
}
