import { doubtsOf } from '../heads/doubts.js';
import type { HeadSpec } from '../heads/index.js';
import { type DecodeOptions, resizePixels } from '../image/decode.js';
import { fitImage, takesAnySize } from '../image/fit.js';
import { makeFeeds } from '../model/feeds.js';
import type { Session, Turn } from '../model/session.js';
import { recordCandidates } from '../postprocess/candidates/record-candidates.js';
import { findCandidates } from '../postprocess/select/find-candidates.js';
import type { RecordedView } from '../types/candidates.js';
import type { InputSpec } from '../types/model.js';
import type { FittedImage, Geometry, RawPixels } from '../types/pictures.js';
import type { Budget, CandidateRecording, PostprocessPlan } from '../types/plan.js';
import type { View } from '../types/views.js';
import { cropView } from './crop-view.js';
import { countedCandidates, countedRecord, rowsThatCount } from './rows-that-count.js';
import type { ViewCandidates } from './seen-candidates.js';

/** A loaded model that looks at views. */
export interface Looker {
  session: Session;
  head: HeadSpec;
  input: InputSpec;
  /** Columns of its head, with a label or without. */
  classes: number;
}

/** What a model saw. */
export interface Look {
  /** View after view. */
  seen: ViewCandidates[];
  /** View after view; empty unless asked for. */
  recorded: Omit<RecordedView, 'model'>[];
  /** What its outputs show to be wrong with it; empty unless asked for. */
  doubts: string[];
}

export interface LookOptions {
  plan: PostprocessPlan;
  decoding: DecodeOptions;
  /** null: no candidates are recorded */
  recording: CandidateRecording | null;
  /** Whether to look for what is wrong with the model. */
  doubting: boolean;
}

/** Shows the views of an image to a model, as many at a time as it takes. */
export async function lookAt(
  image: RawPixels,
  views: readonly View[],
  { session, head, input, classes }: Looker,
  { plan, decoding, doubting, recording }: LookOptions,
): Promise<Look> {
  using turn = await session.turn();
  const seen: ViewCandidates[] = [];
  const recorded: Look['recorded'] = [];
  const doubts = new Doubts();
  for (let next = 0; next < views.length; ) {
    const some = views.slice(next, next + turn.batch);
    next += some.length;
    const fitted: FittedImage[] = [];
    for (const view of some) {
      const { scale = 1 } = view.augmentation ?? {};
      fitted.push(await fitView(cropView(image, view), scale, input, decoding));
    }
    const outputs = await turn.runEach(fitted.map((each) => makeFeeds(each, input, pictureOf(turn, some.length))));
    for (const [i, view] of some.entries()) {
      const { geometry } = fitted[i]!;
      const found = findCandidates(outputs[i]!, head, geometry, plan, WITHOUT_LIMIT);
      const counted = rowsThatCount(view, { outputs: outputs[i]!, geometry });
      const candidates = countedCandidates(found, counted);
      if (recording !== null) {
        const record = recordCandidates(outputs[i]!, head, geometry, recording);
        recorded.push({ view, candidates: countedRecord(record, counted) });
      }
      seen.push({ view, geometry, candidates });
      if (doubting)
        doubts.add((found) => doubtsOf(outputs[i]!, head, geometry, classes, found), candidates.scores.length);
    }
  }
  return { seen, recorded, doubts: doubts.all() };
}

const WITHOUT_LIMIT: Budget = { max: Number.POSITIVE_INFINITY, countAbove: Number.POSITIVE_INFINITY };

/** Feeds that are run together lie in arrays of their own. */
function pictureOf(turn: Turn, pictures: number): (length: number) => Float32Array {
  return pictures === 1 ? turn.picture : (length) => new Float32Array(length);
}

/** A part that has the size of the model's input already is taken as it is. */
async function fitView(
  pixels: RawPixels,
  scale: number,
  input: InputSpec,
  decoding: DecodeOptions,
): Promise<FittedImage> {
  const geometry = fitScaled(pixels, input, scale);
  const { fittedWidth, fittedHeight } = geometry;
  const fits =
    fittedWidth === pixels.width && fittedHeight === pixels.height && input.interpolation !== 'bilinear-warp';
  return fits ? { pixels: pixels.data as Uint8Array, geometry } : await resizePixels(pixels, geometry, input, decoding);
}

/** As `fitImage`, into an input whose sides are multiplied by `scale`; one of a fixed size is padded right and below. */
function fitScaled(image: RawPixels, input: InputSpec, scale: number): Geometry {
  if (scale === 1) return fitImage(image, input, input.fit);
  const side = (whole: number) => Math.max(1, Math.floor(whole * scale));
  const scaled = fitImage(image, { ...input, width: side(input.width), height: side(input.height) }, input.fit);
  return takesAnySize(input) ? scaled : { ...scaled, inputWidth: input.width, inputHeight: input.height };
}

/** Doubts about a model from several views: numbers that are none count in any, outputs without a score only in all. */
class Doubts {
  readonly #ofNumbers = new Set<string>();
  readonly #ofNothing = new Set<string>();
  #isAllNothing = true;

  /** @param doubtsIf  the doubts of a view, if so many detections were found in it */
  add(doubtsIf: (found: number) => string[], found: number): void {
    const ofNumbers = doubtsIf(1);
    for (const doubt of ofNumbers) this.#ofNumbers.add(doubt);
    const more = found > 0 ? [] : doubtsIf(0).filter((doubt) => !ofNumbers.includes(doubt));
    if (more.length === 0) this.#isAllNothing = false;
    for (const doubt of more) this.#ofNothing.add(doubt);
  }

  all(): string[] {
    return [...this.#ofNumbers, ...(this.#isAllNothing ? this.#ofNothing : [])];
  }
}
