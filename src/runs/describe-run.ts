import { resolve } from 'node:path';
import type { Detector } from '../detector.js';
import { modelFiles } from '../model/onnx/metadata.js';
import { planOf } from '../options/plan.js';
import { sha256 } from './inputs/file-state.js';
import type { RunSettings } from './options.js';
import { type RunHeader, runHeader } from './record/run-header.js';
import { versions } from './versions.js';

/** Of many inputs, so many are written down. */
const GIVEN = 100;

/**
 * What a run is, before it begins.
 *
 * @param given  the inputs, as they were given
 * @param root   folder that the names of images are below
 * @throws SigboxError E_ARGUMENT  an option that does not fit the model
 */
export async function describeRun(
  given: readonly string[],
  { settings, root, detector }: { settings: RunSettings; root: string; detector: Detector },
): Promise<RunHeader> {
  const { thresholds, recorded, rendering, hash, shard } = settings;
  const { spec, models } = detector;
  const described = await Promise.all(models.map(describeModel));
  planOf(spec, { ...recorded, ...thresholds }, models.length > 1 ? models : undefined); // its labels are the model's
  return runHeader({
    versions: versions(),
    model: described[0]!,
    spec,
    ...(models.length > 1 && {
      models: models.map(({ spec, weight, thresholds }, i) => ({ ...described[i]!, spec, weight, thresholds })),
    }),
    options: recorded,
    thresholds,
    rendering,
    exports: [...settings.exports.formats],
    ...(settings.candidates !== null && { candidates: settings.candidates }),
    inputs: {
      root,
      given: given.slice(0, GIVEN),
      shard: shard === null ? null : `${shard.part}/${shard.of}`,
      hash,
    },
  });
}

async function describeModel({ file, origin }: Detector['models'][number]): Promise<RunHeader['model']> {
  return {
    file: resolve(file),
    sha256: await sha256(...modelFiles(file)),
    ...(origin === null ? {} : { name: origin.name }),
    ...(origin?.revision == null ? {} : { revision: origin.revision }),
  };
}
