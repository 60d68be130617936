import { option } from '../../../check/option.js';
import { flag } from '../../../check/words.js';
import { complain } from '../../../errors.js';
import { RUNNING_OPTIONS } from '../../../options/detector-options.js';
import { PLAN_OPTIONS } from '../../../runs/queue/options/plan-options.js';
import { STATUS_OPTIONS } from '../../../runs/queue/options/status-options.js';
import { DISCOVER_OPTIONS } from '../../../runs/run-options.js';
import { counted, printable } from '../../../text/printable.js';
import { command, grouped } from '../../command.js';
import { DETECTION_OPTIONS } from '../../options/detection.js';
import { invocation, shellWord } from '../../output/invocation.js';
import { SOME_FAILED } from '../../output/status.js';

const REQUEUE_OPTIONS = {
  /** Try chunks that were set aside again, and fill the queue with what is missing. Default false */
  requeue: option(flag, {
    default: false,
    words: {
      requeue: {
        form: 'switch',
        help: 'Try chunks that were set aside again, and fill the queue with what is missing',
      },
    },
  }),
  ...STATUS_OPTIONS,
};

/** How a worker runs the model is its own affair. */
const withoutRunning = Object.fromEntries(
  Object.entries(DETECTION_OPTIONS).filter(([name]) => !Object.hasOwn(RUNNING_OPTIONS, name)),
) as Omit<typeof DETECTION_OPTIONS, keyof typeof RUNNING_OPTIONS>;

export const planCommand = command({
  name: 'plan',
  summary: 'Plan a run for many machines',
  usage: 'INPUT… --out STORE',
  about:
    'Lists the images of folders, files and patterns in chunks, and writes the list, the model’s hash and all options ' +
    'into a store. Then sigbox work, on any number of machines, takes chunks from it.',
  operands: { min: 0, what: 'one or more folders, images or patterns', pictures: true, buckets: true },
  options: {
    ...grouped('What is planned', { ...PLAN_OPTIONS, ...REQUEUE_OPTIONS }),
    ...grouped('Which images', DISCOVER_OPTIONS),
    ...withoutRunning,
  },
  examples: [
    ['sigbox plan photos --out /shared/run', 'All pictures below a folder, in chunks of 100'],
    ['sigbox plan photos --out /shared/run --chunk 250 --model yolox-s', 'Another model, larger chunks'],
    ['sigbox plan --requeue --out /shared/run --queue redis://queue', 'Once what made chunks fail is mended'],
  ],
  notes:
    'Writes run.json, plan.json and manifest/. What a plan says never changes; sigbox work and sigbox collect read it. ' +
    'Exit status: 0 planned, 3 some folders could not be read (each is named), 64 usage.',
  writesFiles: true,

  check({ operands, options: { requeue } }) {
    if ((requeue ?? false) === (operands.length === 0)) return;
    const [expected, received] = requeue
      ? ['no inputs beside --requeue', operands.join(' ')]
      : ['one or more folders, images or patterns', 'none'];
    throw complain('E_ARGUMENT', { where: 'plan', expected, received, mend: 'See sigbox plan --help.' });
  },

  async run({ operands, options: { requeue, queue, ...options } }) {
    if (requeue) return requeueStore(options.out, queue);
    const [{ planRun }, { readDetectorOptions }] = await Promise.all([
      import('../../../runs/queue/plan-run.js'),
      import('../../options/open-detector.js'),
    ]);
    const { thresholds: _, ...given } = options;
    const planned = await planRun(operands, { ...given, ...(await readDetectorOptions(options)), out: options.out });
    if (queue !== undefined) await requeueStore(options.out, queue);
    const { images, chunks, otherFiles, unreadable } = planned;
    const others = otherFiles === 0 ? '' : `, ${counted(otherFiles, 'other file')} passed over`;
    const store = printable(options.out);
    process.stdout.write(`${counted(images, 'image')} in ${counted(chunks, 'chunk')}${others}: ${store}\n`);
    const sigbox = invocation();
    process.stdout.write(
      `Next: ${sigbox} work ${shellWord(store)}, on any number of machines; then ${sigbox} collect ${shellWord(store)} --out FOLDER.\n`,
    );
    for (const { path, reason } of unreadable) process.stderr.write(`sigbox: ${printable(`${path}: ${reason}`)}\n`);
    return unreadable.length > 0 ? SOME_FAILED : 0;
  },
});

async function requeueStore(store: string, queue: string | undefined): Promise<number> {
  const { requeueRun } = await import('../../../runs/queue/requeue-run.js');
  const { missing, setAside } = await requeueRun(store, queue === undefined ? {} : { queue });
  const aside = setAside === 0 ? '' : `, ${setAside} of them set aside before`;
  process.stdout.write(`${counted(missing, 'chunk')} to do${aside}: ${printable(store)}\n`);
  return 0;
}
