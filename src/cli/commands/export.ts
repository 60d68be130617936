import { join } from 'node:path';
import { type OptionsOf, option, requiredOption } from '../../check/option.js';
import { oneOf, record } from '../../check/shapes.js';
import { fraction, labels, text } from '../../check/words.js';
import { complain, SigboxError } from '../../errors.js';
import type { Annotations, Choice } from '../../formats/annotations.js';
import { FORMAT_NAMES } from '../../formats/format.js';
import type { TaughtOptions } from '../../learn/thresholds/thresholds-file.js';
import { MAP_OPTIONS } from '../../options/detector-options.js';
import { POSTPROCESS_OPTIONS } from '../../postprocess/options/postprocess-options.js';
import type { Run } from '../../runs/record/read-run.js';
import { RUN_OPTIONS, WRITING_OPTIONS } from '../../runs/run-options.js';
import { command, grouped } from '../command.js';
import { READING_OPTIONS, THRESHOLDS_OPTIONS } from '../options/detection.js';
import { count, printable } from '../output/printable.js';
import { SOME_FAILED } from '../output/status.js';

const { formats, ...writing } = WRITING_OPTIONS;

const WRITTEN = {
  formats: requiredOption(formats.schema, formats.words === undefined ? {} : { words: formats.words }),
  ...writing,
  /** Folder for what is written. */
  out: option(RUN_OPTIONS.out.schema, {
    words: {
      out: {
        form: 'text',
        short: 'o',
        value: 'FOLDER',
        completes: 'files',
        help: 'Folder for what is written',
        otherwise: 'that of the run',
        common: true,
      },
    },
  }),
  /** Label Studio: what precedes an image's name in its URL. */
  imageRoot: option(text, {
    words: {
      'image-root': { form: 'text', value: 'URL', help: 'Label Studio: what precedes the name in the URL of an image' },
    },
  }),
};

const CHOICE = {
  /** Labels with at least this score are kept. */
  scoreThreshold: option(fraction, {
    words: {
      score: {
        form: 'number',
        help: 'Keep labels with at least this score; LABEL=N for a single label; may be repeated',
        completes: 'labels',
        otherwise: 'as the run says, or 0',
        common: true,
      },
    },
  }),
  /** Score thresholds of single labels. */
  labelThresholds: option(record('numbers from 0 to 1, by label', fraction), {
    words: { score: { form: 'by-label', help: '' } },
  }),
  include: POSTPROCESS_OPTIONS.include,
  exclude: option(
    labels,
    POSTPROCESS_OPTIONS.exclude.words === undefined ? {} : { words: POSTPROCESS_OPTIONS.exclude.words },
  ),
  ...MAP_OPTIONS,
  ...THRESHOLDS_OPTIONS,
};

const INPUT = {
  /** Format of the input. */
  from: option(oneOf(...FORMAT_NAMES), {
    words: {
      from: { form: 'text', choices: FORMAT_NAMES, help: 'Format of the input', otherwise: 'inferred from its files' },
    },
  }),
  ...READING_OPTIONS,
  /** COCO results: path of the COCO dataset that they are for. */
  dataset: option(text, {
    words: {
      dataset: {
        form: 'text',
        value: 'FILE',
        completes: 'files',
        help: 'COCO results: the COCO dataset that they are for',
      },
    },
  }),
  /** VOC: number of the first pixel. */
  firstPixel: option(oneOf('0', '1'), {
    words: {
      'first-pixel': {
        form: 'text',
        choices: ['0', '1'],
        help: 'VOC: number of the first pixel',
        otherwise: 'inferred',
      },
    },
  }),
};

const OPTIONS = {
  ...grouped('What is written', WRITTEN),
  ...grouped('Which labels', CHOICE),
  ...grouped('What is read', INPUT),
};

type Options = OptionsOf<typeof OPTIONS>;

export const exportCommand = command({
  name: 'export',
  summary: 'Write a run, or any annotations, in other formats',
  usage: 'INPUT --format NAME,… --out FOLDER',
  about: 'Writes the results of a run, without the model, or annotations of one format in others.',
  operands: { min: 1, max: 1, what: 'a run or annotations' },
  options: OPTIONS,
  examples: [
    ['sigbox export annotated --format yolo,cvat --score 0.5', 'A run’s results over a higher score, into its folder'],
    ['sigbox export instances.json --format voc --out .', 'From COCO to Pascal VOC'],
    ['sigbox export data.yaml --split val --format coco --out .', 'From YOLO to COCO'],
  ],
  notes: 'Exit status: 0 all images, 3 a format can’t hold some images (each is named), 64 usage.',
  writesFiles: true,
  run: ({ operands, options }) => exportFiles(operands[0]!, options),
});

async function exportFiles(input: string, options: Options): Promise<number> {
  const [{ exists }, { chosen }, { exportAnnotations }, { givenNumbers }, { readDataset }, { readRun }] =
    await Promise.all([
      import('../../files/read-file.js'),
      import('../../formats/annotations.js'),
      import('../../formats/export-annotations.js'),
      import('../../formats/coco/given-numbers.js'),
      import('../../formats/read-dataset.js'),
      import('../../runs/record/read-run.js'),
    ]);
  const { HEADER_FILE } = await import('../../runs/record/run-header.js');
  const { formats, imageIds, confidence = false, imageRoot } = options;
  const isRun = options.from === undefined && (await exists(join(input, HEADER_FILE)));
  const out = options.out ?? (isRun ? input : undefined);
  if (out === undefined) throw new SigboxError('E_ARGUMENT', '--out is missing: name a folder for what is written.');
  const found = isRun ? await fromRun(await readRun(input), options) : await fromFiles(input, options);
  const annotations = chosen(await mapped(found, options.map), choiceOf(options, isRun));
  const numbers = imageIds === undefined ? undefined : givenNumbers(await readDataset(imageIds, { from: 'coco' }));
  const { written, images, refused } = await exportAnnotations(annotations, {
    ...{ out, formats, numbers, confidence, imageRoot },
    sources: isRun ? [] : [input],
  });
  for (const { format, image, reason } of refused) {
    process.stderr.write(`sigbox: ${printable(`${image}: left out of ${format}: ${reason}`)}\n`);
  }
  process.stdout.write(`${count(images, 'image')}: ${written.map((name) => printable(join(out, name))).join(', ')}\n`);
  return refused.length > 0 ? SOME_FAILED : 0;
}

/** Which labels are wanted; score thresholds of a run have been applied already. */
function choiceOf({ scoreThreshold, labelThresholds, include, exclude }: Options, isRun: boolean): Choice {
  return isRun ? { include, exclude } : { scoreThreshold, labelThresholds, include, exclude };
}

async function mapped(annotations: Annotations, given: Options['map']): Promise<Annotations> {
  if (given === undefined) return annotations;
  const [{ readLabelMap }, { regionMap }] = await Promise.all([
    import('../../identify/sidecars/label-map.js'),
    import('../../postprocess/regions/map-regions.js'),
  ]);
  const { map, where } = await readLabelMap(given, annotations.labels);
  const { labels, map: mapRegions } = regionMap(annotations.labels, map, where);
  const numbers = labels.map((_, i) => i);
  return {
    labels,
    categoryIds: numbers.map((i) => i + 1),
    classIds: numbers,
    images: async function* () {
      for await (const image of annotations.images()) yield { ...image, regions: mapRegions(image.regions) };
    },
  };
}

/** @throws SigboxError E_ARGUMENT  a score under the floor, from which on the run has recorded */
async function fromRun(run: Run, { scoreThreshold, labelThresholds, thresholds: file }: Options): Promise<Annotations> {
  const [{ besideThresholds, readThresholds }, { annotationsOfRun }] = await Promise.all([
    import('../../learn/thresholds/thresholds-file.js'),
    import('../../runs/outputs/exports.js'),
  ]);
  const given = {
    ...(scoreThreshold !== undefined && { scoreThreshold }),
    ...(labelThresholds !== undefined && { labelThresholds }),
  };
  const learnt: TaughtOptions =
    file === undefined ? given : besideThresholds<TaughtOptions>(await readThresholds(file), given);
  const { thresholds, options } = run.header;
  const floor = options.scoreThreshold;
  const asked = learnt.scoreThreshold !== undefined || learnt.labelThresholds !== undefined;
  const wanted = {
    scoreThreshold: learnt.scoreThreshold ?? thresholds.scoreThreshold,
    labelThresholds: learnt.labelThresholds ?? (asked ? {} : thresholds.labelThresholds),
  };
  if (learnt.calibration !== undefined) return annotationsOfRun(run, { ...wanted, calibration: learnt.calibration });
  const lowest = Math.min(wanted.scoreThreshold, ...Object.values(wanted.labelThresholds));
  if (lowest >= floor) return annotationsOfRun(run, wanted);
  const mend = `The run recorded from there on: annotate it with --floor ${lowest}.`;
  throw complain('E_ARGUMENT', { where: '--score', expected: `a number from ${floor} on`, received: lowest, mend });
}

async function fromFiles(input: string, options: Options): Promise<Annotations> {
  const { from, images, split, firstPixel, dataset, thresholds } = options;
  if (thresholds !== undefined) {
    throw complain('E_ARGUMENT', { where: '--thresholds', expected: 'the folder of a run', received: input });
  }
  const [{ annotationsOf }, { readDataset }, { imageSize }] = await Promise.all([
    import('../../formats/annotations.js'),
    import('../../formats/read-dataset.js'),
    import('../../image/image-size.js'),
  ]);
  const known = dataset === undefined ? {} : { dataset: await readDataset(dataset, { from: 'coco' }) };
  const reading = {
    ...(from !== undefined && { from }),
    ...(images !== undefined && { images }),
    ...(split !== undefined && { split }),
    ...(firstPixel !== undefined && { firstPixel: Number(firstPixel) as 0 | 1 }),
  };
  return annotationsOf(await readDataset(input, { ...reading, ...known, imageSize }));
}
