import type { Tensors } from '../types/model.js';
import { joinFeeds, sliceOutputs } from './batches.js';
import type { Feeds } from './feeds.js';
import { copyTensors, infer, type Runner } from './infer.js';
import { ModelMemory } from './memory.js';

/** Pictures that a model with an open first dim is given at a time: outputs and pictures of so many are in memory at once. */
const OPEN_BATCH = 4;

/** Runs of several pictures of a model that fixes no number of them. */
export class ManyPictures {
  readonly #runner: Runner;
  /** Outputs of several pictures are not held: so much memory would stay taken. */
  readonly #unheld = new ModelMemory([]);
  /** How many are taken at a time: 1 from the first time on that outputs do not have a part for each picture. */
  most: number;

  constructor(runner: Runner, isOpen: boolean) {
    this.#runner = runner;
    this.most = isOpen ? OPEN_BATCH : 1;
  }

  async run(feeds: readonly Feeds[]): Promise<Tensors[]> {
    if (this.most > 1 && feeds.length > 1) {
      const outputs = await this.#runJoined(feeds);
      if (outputs !== null) return outputs;
      this.most = 1;
    }
    const each: Tensors[] = [];
    for (const one of feeds) {
      const outputs = await infer(this.#runner, one);
      each.push(feeds.length === 1 ? outputs : copyTensors(outputs));
    }
    return each;
  }

  /** @returns null for a model that takes one picture only, whatever its file says, or that mixes their outputs */
  async #runJoined(feeds: readonly Feeds[]): Promise<Tensors[] | null> {
    const alike = feeds.every((each) => dimsOf(each) === dimsOf(feeds[0]!));
    if (!alike) return null;
    try {
      const runner = { ...this.#runner, memory: this.#unheld, learns: false };
      const outputs = await infer(runner, joinFeeds(feeds, feeds.length));
      const isApart = Object.values(outputs).every(({ dims }) => dims.length > 1 && dims[0] === feeds.length);
      return isApart ? feeds.map((_, i) => sliceOutputs(outputs, i, feeds.length)) : null;
    } catch {
      return null; // whether the fault is the model's, the run of each alone will tell
    }
  }
}

function dimsOf(feeds: Feeds): string {
  return Object.values(feeds)
    .map(({ dims }) => dims.join())
    .join(';');
}
