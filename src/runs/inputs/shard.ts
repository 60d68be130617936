import { createHash } from 'node:crypto';
import { complain } from '../../errors.js';

/** One of so many parts of a run's images. */
export interface Shard {
  /** From 1 to `of`. */
  part: number;
  of: number;
}

/**
 * @param text  `3/8`, third of eight parts; or `auto`: as the scheduler that started this process says
 * @throws SigboxError E_ARGUMENT  anything else, or no scheduler has said so
 */
export function parseShard(text: string, env: NodeJS.ProcessEnv = process.env): Shard {
  if (text === 'auto') return autoShard(env);
  const [, part, of] = /^(\d{1,6})\/(\d{1,6})$/.exec(text)?.map(Number) ?? [];
  if (part !== undefined && of !== undefined && part >= 1 && part <= of) return { part, of };
  throw complain('E_ARGUMENT', { where: 'shard', expected: 'a part of parts, as 3/8, or auto', received: text });
}

/** Where schedulers say which of how many processes this one is: the names of variables. */
interface Scheduler {
  index: string;
  /** Number of processes. */
  count: string;
  /** Index of the first one, and how far indices lie apart, where they differ from 0 and 1. */
  first?: string;
  last?: string;
  step?: string;
  mend: string;
}

const SCHEDULERS: readonly Scheduler[] = [
  {
    index: 'JOB_COMPLETION_INDEX',
    count: 'JOB_COMPLETIONS', // Kubernetes sets the index only
    mend: "Set JOB_COMPLETIONS in the Job's template to the number of its completions, or give --shard PART/OF.",
  },
  {
    index: 'AWS_BATCH_JOB_ARRAY_INDEX',
    count: 'AWS_BATCH_JOB_ARRAY_SIZE',
    mend: 'Set it to the size of the array, or give --shard PART/OF.',
  },
  {
    index: 'SLURM_ARRAY_TASK_ID',
    count: 'SLURM_ARRAY_TASK_COUNT',
    first: 'SLURM_ARRAY_TASK_MIN',
    last: 'SLURM_ARRAY_TASK_MAX',
    step: 'SLURM_ARRAY_TASK_STEP',
    mend: 'Use an array without gaps, as --array=0-7, or give --shard PART/OF.',
  },
];

/** Whether a scheduler has said which part is this process's. */
export function hasAutoShard(env: NodeJS.ProcessEnv = process.env): boolean {
  return SCHEDULERS.some(({ index }) => env[index] !== undefined);
}

function autoShard(env: NodeJS.ProcessEnv): Shard {
  const scheduler = SCHEDULERS.find(({ index }) => env[index] !== undefined);
  if (scheduler === undefined) {
    const expected = `one of the variables ${SCHEDULERS.map(({ index }) => index).join(', ')}`;
    throw complain('E_ARGUMENT', { where: 'shard auto', expected, received: 'none', mend: 'Give --shard PART/OF.' });
  }
  const { index, count, first, last, step, mend } = scheduler;
  const numberOf = (name: string | undefined, otherwise: number) =>
    name === undefined || env[name] === undefined ? otherwise : wholeNumber(env[name]);
  const apart = numberOf(step, 1);
  const part = (numberOf(index, Number.NaN) - numberOf(first, 0)) / apart + 1;
  const of = numberOf(count, Number.NaN);
  const gapless =
    last === undefined || env[last] === undefined || numberOf(last, 0) - numberOf(first, 0) === (of - 1) * apart;
  if (Number.isInteger(part) && Number.isInteger(of) && part >= 1 && part <= of && gapless) return { part, of };
  const received = [index, count, first, last, step].flatMap((name) =>
    name === undefined ? [] : [`${name}=${env[name] ?? ''}`],
  );
  const expected = `${index} and ${count} to say which part of how many this is`;
  throw complain('E_ARGUMENT', { where: 'shard auto', expected, received: received.join(' '), mend });
}

function wholeNumber(text: string): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
}

/** Which parts of how many are not among those given, for people; null when none is missing, or none is a part. */
export function missingShards(shards: readonly (string | null)[]): string | null {
  const parts = shards.filter((shard) => shard !== null).map((shard) => parseShard(shard));
  if (parts.length === 0 || parts.length < shards.length) return null;
  const counts = [...new Set(parts.map(({ of }) => of))];
  if (counts.length > 1) return `the parts are of different divisions: into ${counts.join(' and ')}`;
  const there = new Set(parts.map(({ part }) => part));
  const missing = Array.from({ length: counts[0]! }, (_, i) => i + 1).filter((part) => !there.has(part));
  return missing.length === 0 ? null : `of ${counts[0]} parts these are missing: ${missing.join(', ')}`;
}

/**
 * Whether an image belongs to a shard: told by its name alone, so that it stays there whatever else is in the folder.
 * Parts are equal but for chance: of 10,000 images in 8 parts each has 1,250 ± 33 (one standard deviation).
 */
export function isInShard(name: string, { part, of }: Shard): boolean {
  const hash = createHash('sha256').update(name.normalize('NFC')).digest();
  return hash.readUIntBE(0, 6) % of === part - 1;
}
