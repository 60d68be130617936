import { doubtsOf } from '../heads/doubts.js';
import { headOf } from '../heads/index.js';
import { selectClasses } from '../heads/selection.js';
import type { Tensor } from '../types/model.js';
import { warningOf } from './borne-out.js';
import type { ModelFacts } from './evidence/graph/facts.js';
import { implausible } from './evidence/values/implausible.js';
import { openProbe } from './evidence/values/probe.js';
import { rangeOf } from './evidence/values/ranges.js';
import type { ModelSpec } from './spec/model-spec.js';

/** Whether the classes of a region exclude each other, as far as a run tells. */
export interface HeadKind {
  kind: 'binary' | 'multi-label' | 'exclusive' | 'one class per row';
  because: string;
}

/** What one run of a model on a picture of texture shows of its spec. */
export interface Trial {
  outputs: { name: string; dims: readonly number[]; low: number; high: number }[];
  /** The best score of a run; 0: nothing is found. */
  bestScore: number;
  headKind: HeadKind;
  /** How long the inference took. */
  seconds: number;
  warnings: string[];
}

/**
 * Loads a model and runs it as detection would.
 *
 * @throws SigboxError E_MODEL  what detection can't load, run or read
 */
export async function tryModel(facts: Pick<ModelFacts, 'file' | 'outputs'>, spec: ModelSpec): Promise<Trial> {
  const probe = openProbe(facts);
  try {
    const { outputs, geometry, seconds } = await probe.exact(spec.input);
    const head = headOf(spec.head);
    const scoreThresholds = new Float64Array(spec.labels.length).fill(Number.MIN_VALUE);
    const labelled = Uint16Array.from(scoreThresholds, (_, column) => column);
    const all = selectClasses({ scoreThresholds, labelled, single: false });
    const found = head.candidates(outputs, spec.head, geometry, all);
    const doubt = implausible({ outputs, geometry }, spec.head, spec.labels);
    return {
      outputs: Object.entries(outputs).map(([name, tensor]) => seenOf(name, tensor)),
      bestScore: found.scores.reduce((best, score) => Math.max(best, score), 0),
      headKind: kindOf(spec, found),
      seconds,
      warnings: [
        ...doubtsOf(outputs, spec.head, geometry, spec.labels.length),
        ...(doubt === null ? [] : [warningOf(doubt)]),
      ],
    };
  } finally {
    await probe.close();
  }
}

function seenOf(name: string, { dims, data }: Tensor): Trial['outputs'][number] {
  const { low, high } = rangeOf(data);
  return { name, dims, low: data.length === 0 ? 0 : low, high: data.length === 0 ? 0 : high };
}

type Found = Pick<ReturnType<ReturnType<typeof headOf>['candidates']>, 'rows' | 'scores' | 'classIds' | 'boxes'>;

function kindOf({ head, labels }: ModelSpec, found: Found): HeadKind {
  const named = labels.filter((label) => label !== null).length;
  if (named === 1) return { kind: 'binary', because: 'it has one class' };
  const activation = 'activation' in head ? head.activation : null;
  if (activation === 'softmax') return { kind: 'exclusive', because: 'a softmax makes its classes compete' };
  if (activation === 'sigmoid') return { kind: 'multi-label', because: 'each class has a sigmoid of its own' };
  return activation === null ? ofFinishedRows(found) : ofSums(found);
}

/** Scores whose activation the graph has applied. */
function ofSums({ rows, scores }: Found): HeadKind {
  const sums = new Map<number, number>();
  for (const [i, row] of rows.entries()) sums.set(row, (sums.get(row) ?? 0) + scores[i]!);
  const [low, high] = [Math.min(...sums.values()), Math.max(...sums.values())];
  if (sums.size > 0 && low > 0.98 && high < 1.02) {
    return { kind: 'exclusive', because: 'in a run the scores of every row add up to 1, as after a softmax' };
  }
  const shown = sums.size === 0 ? 'nothing' : `${low.toPrecision(2)} to ${high.toPrecision(2)}`;
  return { kind: 'multi-label', because: `in a run the scores of a row add up to ${shown}, as independent ones do` };
}

function ofFinishedRows({ classIds, boxes }: Found): HeadKind {
  const classes = new Map<string, number>();
  for (const [i, classId] of classIds.entries()) {
    const box = boxes.subarray(4 * i, 4 * i + 4).join();
    if ((classes.get(box) ?? classId) !== classId) {
      return { kind: 'multi-label', because: 'in a run one box has several classes' };
    }
    classes.set(box, classId);
  }
  return { kind: 'one class per row', because: 'the graph names one class for each box' };
}
