import { createDetector } from '../../detector.js';
import { complain } from '../../errors.js';
import { discover } from '../../runs/inputs/discover.js';
import type { DetectionResult } from '../../types/detections.js';
import type { DetectionArguments } from '../options/detection.js';
import { readDetectorOptions, tellWarnings } from '../options/open-detector.js';
import { count, printable } from '../output/printable.js';
import { startProgress } from '../output/progress.js';

export interface ModelResults {
  /** Images are named as they lie below the folder. */
  results: DetectionResult[];
  /** Images on which the model failed; each has been told. */
  failures: number;
}

/** The model on every picture of a folder, with the preset for evaluation: down to low scores. */
export async function runModel(args: DetectionArguments, folder: string): Promise<ModelResults> {
  const { images } = await discover([folder]);
  if (images.length === 0) throw complain('E_IO', { where: folder, expected: 'pictures', received: 'none' });
  const { scoreThreshold: _s, labelThresholds: _l, ...options } = await readDetectorOptions(args);
  await using model = await createDetector({ preset: 'evaluation', ...options });
  using _warnings = tellWarnings(model);
  const progress = startProgress(images.length, 0);
  const results: DetectionResult[] = [];
  let [done, failures] = [0, 0];
  try {
    for await (const outcome of model.detectAll(
      images.map(({ path }) => path),
      { errors: 'yield' },
    )) {
      if ('error' in outcome) tell(outcome.error.message);
      if ('error' in outcome) failures++;
      else results.push({ ...outcome, image: images[done]!.name });
      done++;
      progress.advance(count(failures, 'failure'));
    }
  } finally {
    progress.stop();
  }
  return { results, failures };
}

function tell(message: string): void {
  process.stderr.write(`sigbox: ${printable(message)}\n`);
}
