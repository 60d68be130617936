import { existsSync } from 'node:fs';
import { pick } from '../../../check/option.js';
import { weightedModel } from '../../../detector/open-models.js';
import { createRecordingDetector, type RecordingDetector } from '../../../detector.js';
import { complain } from '../../../errors.js';
import { builtinModel } from '../../../model/builtin.js';
import { modelFiles } from '../../../model/onnx/metadata.js';
import { type DetectorOptions, RUNNING_OPTIONS } from '../../../options/detector-options.js';
import { sha256 } from '../../inputs/file-state.js';
import type { RunHeader } from '../../record/run-header.js';

/**
 * Opens the model of a run that was planned, with the run's own spec and options.
 *
 * @param options.model  path or name of it. Default: where it lay when the run was planned, the built-in one, or its name
 * @throws SigboxError E_MODEL  it is not here, is another one, or can't be loaded
 */
export async function openModel(header: RunHeader, options: DetectorOptions): Promise<RecordingDetector> {
  const running = pick(options, RUNNING_OPTIONS);
  const { variant } = options;
  const own = header.models === undefined ? await oneModel(header, options) : await severalModels(header, options);
  const detector = await createRecordingDetector(
    { ...header.options, ...running, ...own, ...(variant !== undefined && { variant }) },
    Number.POSITIVE_INFINITY, // all workers are started at once
    header.candidates ?? null,
  );
  for (const [i, { sha256: wanted }] of (header.models ?? [header.model]).entries()) {
    const { file } = detector.models[i]!;
    const found = await sha256(...modelFiles(file));
    if (found === wanted) continue;
    await detector.close();
    throw complain('E_MODEL', {
      where: file,
      expected: `the run's model, sha256 ${wanted.slice(0, 12)}…`,
      received: `${found.slice(0, 12)}…`,
      mend: 'Give the same file with --model.',
    });
  }
  return detector;
}

async function oneModel({ model: recorded, spec }: RunHeader, options: DetectorOptions): Promise<DetectorOptions> {
  const model = options.model ?? (await usualPlace(recorded));
  return { spec, ...(model !== undefined && { model }) };
}

/** Those of a run of several; `options.models` in their order, where they do not lie where they lay. */
async function severalModels({ models = [], spec }: RunHeader, options: DetectorOptions): Promise<DetectorOptions> {
  if (options.model !== undefined || (options.models?.length ?? models.length) !== models.length) {
    const received = options.models?.length ?? 1;
    throw complain('E_ARGUMENT', { where: 'work', expected: `the run's ${models.length} models`, received });
  }
  const given = models.map(async ({ spec: own, weight, thresholds, ...recorded }, i) => {
    const other = options.models?.[i];
    const model = other === undefined ? await usualPlace(recorded) : weightedModel(other).model;
    return { model: model ?? builtinModel(), spec: own, weight, thresholds };
  });
  const [first] = spec.parents ?? [];
  const parents = Object.fromEntries((spec.parents ?? []).map(({ label, below }) => [label, [...below]]));
  const map = first && { parents, parentScore: first.score };
  return { models: await Promise.all(given), ...(map !== undefined && { map }) };
}

/** @returns undefined: the built-in model */
async function usualPlace({ file, sha256: wanted, name }: RunHeader['model']): Promise<string | undefined> {
  if (existsSync(file) && (await hashOf(file)) === wanted) return file;
  if ((await hashOf(builtinModel())) === wanted) return undefined;
  if (name !== undefined) return name;
  throw complain('E_MODEL', {
    where: 'work',
    expected: `the run's model on this machine, sha256 ${wanted.slice(0, 12)}…`,
    received: existsSync(file) ? `another one at ${file}` : `nothing at ${file}`,
    mend: 'Give its file with --model.',
  });
}

async function hashOf(file: string): Promise<string | null> {
  return sha256(...modelFiles(file)).catch(() => null);
}
