import { existsSync } from 'node:fs';
import { pick } from '../../../check/option.js';
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
  const model = options.model ?? (await usualPlace(header));
  const given = { ...header.options, ...running, spec: header.spec, ...(variant !== undefined && { variant }) };
  const detector = await createRecordingDetector(
    { ...given, ...(model !== undefined && { model }) },
    Number.POSITIVE_INFINITY, // all workers are started at once
    header.candidates ?? null,
  );
  const found = await sha256(...modelFiles(detector.file));
  if (found === header.model.sha256) return detector;
  await detector.close();
  throw complain('E_MODEL', {
    where: detector.file,
    expected: `the run's model, sha256 ${header.model.sha256.slice(0, 12)}…`,
    received: `${found.slice(0, 12)}…`,
    mend: 'Give the same file with --model.',
  });
}

/** @returns undefined: the built-in model */
async function usualPlace({ model: { file, sha256: wanted, name } }: RunHeader): Promise<string | undefined> {
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
