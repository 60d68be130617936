import { fitImage } from '../image/fit.js';
import { makeFeeds } from '../model/feeds.js';
import { openSession } from '../model/session.js';
import type { InputSpec, Tensors } from '../types.js';
import type { ModelFacts } from './facts.js';
import type { FamilyInput } from './recognition.js';

/**
 * Runs a model once, on a picture of coloured rectangles and noise: a flat one leaves logits so far down that they look
 * like probabilities.
 */
export function probeRun(
  { file, outputs }: ModelFacts,
  inputOf: (family: FamilyInput) => InputSpec,
): (family: FamilyInput) => Promise<Tensors> {
  let run: Promise<Tensors> | undefined;
  return (family) => {
    run ??= runOnce(
      file,
      inputOf(family),
      outputs.map(({ name }) => name),
    );
    return run;
  };
}

async function runOnce(file: string, input: InputSpec, outputs: string[]): Promise<Tensors> {
  const { width, height } = input;
  const geometry = fitImage({ width, height }, input, input.fit);
  const { fittedWidth, fittedHeight } = geometry;
  const pixels = texture(fittedWidth, fittedHeight);
  const session = await openSession(file, { input, outputs, threads: 0 });
  try {
    return await session.run(makeFeeds({ pixels, geometry }, input));
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
