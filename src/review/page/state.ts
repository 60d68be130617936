import { computed, signal } from '@preact/signals';
import type { Corrections, NamesBlock, PageInfo, RunInfo } from '../protocol/info.js';
import type { Knobs } from '../protocol/knobs.js';
import type { ConfusionRows, Numbers, Order } from '../protocol/messages.js';
import { type KnobView, WHOLE_VIEW } from '../protocol/view.js';

/** What the page was opened with; set once, before anything is drawn. */
export const info = signal<PageInfo>(null as unknown as PageInfo);
export const run = computed<RunInfo>(() => info.value.runs[0]!);

export const knobs = signal<Knobs>(null as unknown as Knobs);
export const view = signal<KnobView>(WHOLE_VIEW);
export const MODES = ['pictures', 'patches'] as const;
export const mode = signal<(typeof MODES)[number]>('pictures');
export const order = signal<Order>({ rows: new Uint32Array(0), patches: null, images: 0 });
export const numbers = signal<Numbers | null>(null);
export const confusion = signal<ConfusionRows | null>(null);
/** Whether numbers and order are those of the knobs as they stand. */
export const upToDate = signal(false);
export const corrections = signal<Corrections>({});
/** By block, as they arrive. */
export const names = signal<ReadonlyMap<number, NamesBlock>>(new Map());
/** Place in the order of the image that is shown by itself; null: none is. */
export const open = signal<number | null>(null);
/** Row of the image whose candidates are wanted. */
export const inspecting = signal<number | null>(null);
/** What was done, for a while. */
export const notice = signal<string | null>(null);
/** What went wrong last. */
export const fault = signal<string | null>(null);

export const shows = {
  /** Names of labels on boxes. */
  tags: signal(true),
  groundTruth: signal(false),
  candidates: signal(false),
  /** Of two runs, the second one's regions in the picture by itself. */
  rival: signal(false),
};
export const cardWidth = signal(240);
/** On a phone a panel lies over half the pictures: there it is opened by whoever wants it. */
const wide = matchMedia('(min-width: 761px)').matches;
export const panels = { knobs: signal(wide), numbers: signal(wide) };

/** The knobs as the run was made. */
export function knobsOf({ options, thresholds, candidates }: RunInfo): Knobs {
  const { iouThreshold = 0.5, labelIouThresholds = {}, suppression = 'nms', measure = 'iou' } = options;
  const { scope = 'class', labels = 'multi', sigma = 0.5, regionIou = 0.9 } = options;
  return {
    scoreThreshold: thresholds.scoreThreshold,
    labelThresholds: { ...thresholds.labelThresholds },
    how: {
      ...{ iouThreshold, labelIouThresholds, suppression, measure, scope, labels, sigma, regionIou },
      // recorded scores went through the curves already; candidates have the model's own
      ...(candidates && { calibration: options.calibration ?? {} }),
    },
    matchIou: 0.5,
  };
}

export function turn(change: Partial<Knobs>): void {
  knobs.value = { ...knobs.value, ...change };
}

export function turnHow(change: Partial<Knobs['how']>): void {
  turn({ how: { ...knobs.value.how, ...change } });
}

export function look(change: Partial<KnobView>): void {
  view.value = { ...view.value, ...change };
}

/** The run whose regions a picture by itself shows. */
export function lookedAt(): RunInfo {
  return info.value.runs[shows.rival.value ? 1 : 0] ?? run.value;
}

/** Images that failed stand behind those with a result. */
export function hasFailed(row: number): boolean {
  return row >= run.value.images - run.value.failed;
}
