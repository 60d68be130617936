import { type Option, type OptionsOf, pick } from '../../check/option.js';
import { complain } from '../../errors.js';
import { POSTPROCESS_OPTIONS } from '../../postprocess/options/postprocess-options.js';
import type { ExportOptions } from '../../runs/export-options.js';
import { counted, printable } from '../../text/printable.js';
import { SOME_FAILED } from '../output/status.js';

/** An option that stays as the run has it, unless it is given. */
function again<Value>({ schema, words }: Option<Value>): Option<Value> {
  if (words === undefined) return { schema };
  const entries = Object.entries(words).map(
    ([word, how]) => [word, { ...how, otherwise: 'as the run has it' }] as const,
  );
  return { schema, words: Object.fromEntries(entries) };
}

/** Options by which a run with candidates is post-processed again. */
export const AGAIN_OPTIONS = {
  preset: again(POSTPROCESS_OPTIONS.preset),
  iouThreshold: again(POSTPROCESS_OPTIONS.iouThreshold),
  labelIouThresholds: again(POSTPROCESS_OPTIONS.labelIouThresholds),
  labels: again(POSTPROCESS_OPTIONS.labels),
  suppression: again(POSTPROCESS_OPTIONS.suppression),
  measure: again(POSTPROCESS_OPTIONS.measure),
  diouBeta: again(POSTPROCESS_OPTIONS.diouBeta),
  scope: again(POSTPROCESS_OPTIONS.scope),
  sigma: again(POSTPROCESS_OPTIONS.sigma),
  fusedScore: again(POSTPROCESS_OPTIONS.fusedScore),
  maxCandidates: again(POSTPROCESS_OPTIONS.maxCandidates),
  maxDetections: again(POSTPROCESS_OPTIONS.maxDetections),
  maxPerClass: again(POSTPROCESS_OPTIONS.maxPerClass),
  minSide: again(POSTPROCESS_OPTIONS.minSide),
  maxSide: again(POSTPROCESS_OPTIONS.maxSide),
  minArea: again(POSTPROCESS_OPTIONS.minArea),
  maxArea: again(POSTPROCESS_OPTIONS.maxArea),
  regionIou: again(POSTPROCESS_OPTIONS.regionIou),
};

export type AgainOptions = OptionsOf<typeof AGAIN_OPTIONS>;

/** The first option that only post-processing again can apply. */
export function firstAgain(options: AgainOptions): string | undefined {
  return Object.keys(AGAIN_OPTIONS).find((name) => options[name as keyof AgainOptions] !== undefined);
}

/**
 * Writes the run that `annotate` with these options would have written.
 *
 * @param thresholds  path of a thresholds file
 * @returns the exit status
 */
export async function postprocessAgain(
  run: string,
  { thresholds, ...options }: AgainOptions & ExportOptions & { thresholds?: string },
): Promise<number> {
  const { out, formats, map, confidence, labelsAs, imageIds } = options;
  if (out === undefined) {
    const mend = 'Name another folder: the run itself stays as it is.';
    throw complain('E_ARGUMENT', { where: '--out', expected: 'a folder for the new run', received: 'none', mend });
  }
  const [{ besideThresholds, readThresholds }, { postprocessRun }] = await Promise.all([
    import('../../learn/thresholds/thresholds-file.js'),
    import('../../runs/postprocess-run.js'),
  ]);
  const given = pick(options, POSTPROCESS_OPTIONS);
  const summary = await postprocessRun(run, {
    ...(thresholds === undefined ? given : besideThresholds(await readThresholds(thresholds), given)),
    ...{ out, formats },
    ...(map !== undefined && { map }),
    ...(confidence !== undefined && { confidence }),
    ...(labelsAs !== undefined && { labelsAs }),
    ...(imageIds !== undefined && { imageIds }),
  });
  const refused = summary.failures.filter(({ code }) => code === 'E_ARGUMENT');
  for (const { image, message } of refused) process.stderr.write(`sigbox: ${printable(`${image}: ${message}`)}\n`);
  process.stdout.write(`${counted(summary.images, 'image')}: ${printable(out)}, a run of its own\n`);
  return refused.length > 0 ? SOME_FAILED : 0;
}
