import { doubtsOf } from '../../heads/doubts.js';
import { fitImage } from '../../image/fit.js';
import { makeFeeds } from '../../model/feeds.js';
import { copyTensors, openSession } from '../../model/session.js';
import type { InputSpec, Tensors } from '../../types/model.js';
import type { Geometry } from '../../types/pictures.js';
import type { FamilyInput } from '../recognition.js';
import type { ModelSpec } from '../spec/model-spec.js';
import type { ModelFacts } from './facts.js';

/** One run of a model, made when it is asked for. */
export interface Probe {
  /** Its outputs; a second call costs nothing. */
  run(family: FamilyInput): Promise<Tensors>;
  /** What the run shows to be wrong with the model; nothing where there was none. */
  doubts(spec: ModelSpec): Promise<string[]>;
}

/**
 * Runs a model on a picture of coloured rectangles and noise: a flat one leaves logits so far down that they look like
 * probabilities.
 */
export function probeRun({ file, outputs }: ModelFacts, inputOf: (family: FamilyInput) => InputSpec): Probe {
  const names = outputs.map(({ name }) => name);
  let run: ReturnType<typeof runOnce> | undefined;
  return {
    async run(family) {
      run ??= runOnce(file, inputOf(family), names);
      return (await run).outputs;
    },
    async doubts({ head, labels }) {
      if (run === undefined) return [];
      const { outputs, geometry } = await run;
      return doubtsOf(outputs, head, geometry, labels.length);
    },
  };
}

async function runOnce(
  file: string,
  input: InputSpec,
  outputs: string[],
): Promise<{ outputs: Tensors; geometry: Geometry }> {
  const { width, height } = input;
  const geometry = fitImage({ width, height }, input, input.fit);
  const { fittedWidth, fittedHeight } = geometry;
  const pixels = texture(fittedWidth, fittedHeight);
  const session = await openSession(file, { input, outputs, threads: 0 });
  try {
    using turn = await session.turn();
    return { outputs: copyTensors(await turn.run(makeFeeds({ pixels, geometry }, input))), geometry };
  } finally {
    await session.close();
  }
}

/** @returns [height, width, 3] */
function texture(width: number, height: number): Uint8Array {
  const pixels = new Uint8Array(width * height * 3);
  let noise = 1;
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const tile = Math.floor((8 * x) / width) + 8 * Math.floor((8 * y) / height);
      for (let channel = 0; channel < 3; channel++) {
        noise = (Math.imul(noise, 1664525) + 1013904223) >>> 0;
        pixels[at++] = ((tile * (53 + 40 * channel)) % 224) + (noise >>> 27);
      }
    }
  }
  return pixels;
}
