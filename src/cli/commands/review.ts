import { type OptionsOf, option } from '../../check/option.js';
import { flag, text, wholeFrom } from '../../check/words.js';
import { SigboxError } from '../../errors.js';
import { counted, printable } from '../../text/printable.js';
import { command } from '../command.js';
import { READING_OPTIONS } from '../options/reading.js';
import { SOME_FAILED } from '../output/status.js';

const OPTIONS = {
  /** Path of ground truth. */
  truth: option(text, {
    words: {
      truth: {
        form: 'text',
        value: 'PATH',
        completes: 'files',
        help: 'Ground truth of the images: COCO, YOLO, VOC and others',
        common: true,
      },
    },
  }),
  /** Folder for the page as files, in place of a server. */
  export: option(text, {
    words: {
      export: {
        form: 'text',
        value: 'FOLDER',
        completes: 'files',
        help: 'Write the page into a folder, for any web server or none, instead of serving it',
        common: true,
      },
    },
  }),
  /** Show no names of images and folders. Default false */
  anonymous: option(flag, {
    default: false,
    words: {
      anonymous: { form: 'switch', help: 'Leave out the names of images, folders and the model', common: true },
    },
  }),
  /** Save neither corrections nor thresholds. Default false */
  readOnly: option(flag, {
    default: false,
    words: { 'read-only': { form: 'switch', help: 'Save neither corrections nor thresholds', common: true } },
  }),
  /** Open a browser. Default true */
  open: option(flag, {
    default: true,
    words: { open: { form: 'switch', help: 'Only print the address, open no browser', common: true } },
  }),
  /** Address to listen on. */
  host: option(text, {
    words: {
      host: {
        form: 'text',
        value: 'ADDRESS',
        help: 'Address to listen on; others than 127.0.0.1 let other machines in',
        otherwise: '127.0.0.1',
      },
    },
  }),
  /** Port to listen on. */
  port: option(wholeFrom(0), {
    words: { port: { form: 'number', value: 'N', help: 'Port to listen on', otherwise: 'a free one' } },
  }),
  /** Folder of the images, where they were moved. */
  images: option(text, {
    words: {
      images: {
        form: 'text',
        value: 'FOLDER',
        completes: 'files',
        help: 'Folder of the images',
        otherwise: 'where the run found them',
      },
    },
  }),
  split: READING_OPTIONS.split,
};

type Options = OptionsOf<typeof OPTIONS>;

export const reviewCommand = command({
  name: 'review',
  summary: 'Look at a run, turn its thresholds and correct it, in a browser',
  usage: 'RUN [RUN]',
  about:
    'Serves a page for one run, or for two side by side. Thresholds and suppression act at once on the pictures; with ' +
    '--truth, precision, recall and confusion follow. Corrections are written to review.jsonl in the folder of the run.',
  operands: { min: 1, max: 2, what: 'the folder of a run, or of two' },
  options: OPTIONS,
  examples: [
    ['sigbox review annotated', 'Open the page of a run'],
    ['sigbox review annotated --truth instances.json', 'The same, with precision and recall'],
    ['sigbox review before after', 'Two runs side by side, the most different pictures first'],
    ['sigbox review annotated --export page --anonymous', 'The page as files, without names'],
  ],
  notes: 'Ctrl-C ends it. Exit status: 0, 3 the page was exported without some images, 64 usage.',

  check({ options }) {
    const served = (['host', 'port'] as const).find((name) => options[name] !== undefined);
    if (options.export === undefined || served === undefined) return;
    const message = `review: --${served} is for a server, but --export writes files. Leave one of them out.`;
    throw new SigboxError('E_ARGUMENT', message);
  },

  async run({ operands, options }) {
    const given = await readGiven(operands, options);
    return options.export === undefined ? serve(given, options) : write(given, options.export);
  },
});

type Given = Awaited<ReturnType<typeof readGiven>>;

async function readGiven(runs: readonly string[], { truth, images, split, anonymous, readOnly }: Options) {
  if (truth === undefined) return { runs, images, anonymous, readOnly };
  const [{ readGroundTruth }, { imageSize }] = await Promise.all([
    import('../../learn/inputs/read-ground-truth.js'),
    import('../../image/image-size.js'),
  ]);
  const reading = { ...(images && { images }), ...(split && { split }), imageSize };
  return {
    runs,
    images,
    anonymous,
    readOnly,
    groundTruth: { input: await readGroundTruth(truth, reading), path: truth },
  };
}

/** Serves the page until it is interrupted. */
async function serve(given: Given, { host, port, open }: Options): Promise<number> {
  const [{ openReview }, { versions }] = await Promise.all([
    import('../../review/review.js'),
    import('../../runs/versions.js'),
  ]);
  await using server = await openReview(versions().sigbox!, { ...given, host, port });
  const interrupted = new Promise<void>((ended) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ended());
  });
  process.stdout.write(`${server.url}\n`); // whoever reads it may interrupt at once
  if (open !== false) await openBrowser(server.url);
  await interrupted;
  return 0;
}

/** Hands an address to whatever opens addresses here; where there is nothing, the person has it printed. */
async function openBrowser(url: string): Promise<void> {
  const { spawn } = await import('node:child_process');
  const [program, ...first] =
    process.platform === 'darwin' ? ['open'] : process.platform === 'win32' ? ['explorer.exe'] : ['xdg-open'];
  const opener = spawn(program!, [...first, url], { stdio: 'ignore', detached: true });
  opener.on('error', () => {}); // there is none
  opener.unref();
}

async function write(given: Given, out: string): Promise<number> {
  const [{ exportReview }, { versions }, { onInterrupt }] = await Promise.all([
    import('../../review/review.js'),
    import('../../runs/versions.js'),
    import('../interrupt.js'),
  ]);
  const { join } = await import('node:path');
  using interrupt = onInterrupt();
  const { signal } = interrupt;
  try {
    const { failed } = await exportReview(versions().sigbox!, { ...given, out, signal });
    process.stdout.write(`${printable(join(out, 'index.html'))}\n`);
    if (failed > 0)
      process.stderr.write(`sigbox: ${counted(failed, 'image')} could not be read and are not in the page\n`);
    return failed > 0 ? SOME_FAILED : 0;
  } catch (error) {
    if (interrupt.status === undefined) throw error;
    return interrupt.status;
  }
}
