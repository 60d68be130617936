import { fitImage } from '../../../image/fit.js';
import { makeFeeds } from '../../../model/feeds.js';
import { copyTensors } from '../../../model/infer.js';
import { openSession, type Session } from '../../../model/session.js';
import type { InputSpec, Tensors } from '../../../types/model.js';
import type { Geometry } from '../../../types/pictures.js';
import type { ModelFacts } from '../graph/facts.js';

/** What one run gave, and where its picture lay in the input. */
export interface ProbeRun {
  outputs: Tensors;
  geometry: Geometry;
}

export interface TimedRun extends ProbeRun {
  /** How long the inference took. */
  seconds: number;
}

/** Runs of a model on a picture of its own, made when they are asked for. */
export interface Probe {
  /** Outputs for an input of this size; values of an earlier run of the same size will do. */
  run(input: InputSpec): Promise<ProbeRun>;
  /** Outputs for exactly this preparation. */
  exact(input: InputSpec): Promise<TimedRun>;
  close(): Promise<void>;
}

/**
 * A model that is run on a picture of coloured rectangles and noise: a flat one leaves logits so far down that they look like
 * probabilities.
 */
export function openProbe({ file, outputs }: Pick<ModelFacts, 'file' | 'outputs'>): Probe {
  const names = outputs.map(({ name }) => name);
  const runs = new Map<string, Promise<TimedRun>>();
  const sessions = new Map<string, Promise<Session>>();

  function sessionFor(input: InputSpec): Promise<Session> {
    const key = JSON.stringify([input.extras, input.fit === 'shortest-edge']); // what a session checks, but for sizes
    const session = sessions.get(key) ?? openSession(file, { input, outputs: names, threads: 0 });
    sessions.set(key, session);
    return session;
  }

  function runWith(input: InputSpec): Promise<TimedRun> {
    const made = sessionFor(input).then((session) => runOnce(session, input));
    runs.set(JSON.stringify(input), made);
    if (!runs.has(sizeKey(input))) runs.set(sizeKey(input), made);
    return made;
  }

  return {
    run: (input) => runs.get(sizeKey(input)) ?? runWith(input),
    exact: (input) => runs.get(JSON.stringify(input)) ?? runWith(input),
    async close() {
      for (const opened of sessions.values()) await (await opened.catch(() => undefined))?.close();
    },
  };
}

function sizeKey({ width, height, extras }: InputSpec): string {
  return `${width} × ${height} ${extras.map(({ name }) => name).join()}`;
}

async function runOnce(session: Session, input: InputSpec): Promise<TimedRun> {
  const { width, height } = input;
  const geometry = fitImage({ width, height }, input, input.fit);
  const { fittedWidth, fittedHeight } = geometry;
  const pixels = texture(fittedWidth, fittedHeight);
  using turn = await session.turn();
  const feeds = makeFeeds({ pixels, geometry }, input);
  const begun = performance.now();
  const outputs = copyTensors(await turn.run(feeds));
  return { outputs, geometry, seconds: (performance.now() - begun) / 1000 };
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
