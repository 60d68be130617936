import type { Detection } from '../../../types/detections.js';
import { unpackColumns } from '../../protocol/columns.js';
import type { Corrections, GroundTruthColumns, PairColumns, RunInfo } from '../../protocol/info.js';
import type { Knobs } from '../../protocol/knobs.js';
import type { InspectedCandidate, Reply, Request, ShownImage } from '../../protocol/messages.js';
import { Census } from './census.js';
import { inspectCandidates } from './inspect.js';
import { Judge } from './judge.js';
import { judgeImage } from './judge-image.js';
import { visibleFrom } from './label-table.js';
import { Rival } from './rival.js';
import { Source } from './source.js';

// Runs as a worker of the page, twice: one is asked for what is visible and answers at once, the other counts the whole run.

declare const self: {
  onmessage: ((event: { data: Request }) => void) | null;
  postMessage(reply: Reply): void;
};

type Show = Extract<Request, { type: 'show' }>;
type Count = Extract<Request, { type: 'count' }>;

/** Between two turns of the worker's queue: what was asked meanwhile comes first. */
const TURN_MS = 12;
/** Between two reports of numbers that are not final. */
const REPORT_MS = 250;

let source: Source | undefined;
let judge: Judge | null = null;
let rival: Rival | null = null;
let census: Census | undefined;
let corrections: Corrections = {};
let counting: Count | undefined;
let begun = '';
let nextReport = 0;
const channel = new MessageChannel();

self.onmessage = ({ data }) => {
  try {
    take(data);
  } catch (error) {
    self.postMessage({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
};
channel.port1.onmessage = () => {
  try {
    turn();
  } catch (error) {
    self.postMessage({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
};

function take(request: Request): void {
  if (request.type === 'open') open(request);
  else if (request.type === 'block') sourceOf(request.run).add(request.block, request.regions, request.candidates);
  else if (request.type === 'drop') sourceOf(request.run).drop(request.block);
  else if (request.type === 'corrected') corrections = request.corrections;
  else if (request.type === 'show') show(request);
  else counting = request;
  if (request.type === 'show') return;
  dirty = true;
  wake();
}

function sourceOf(run: number): Source {
  return run === 0 ? source! : rival!.source;
}

function open({ info, groundTruth, pairs, corrections: before }: Extract<Request, { type: 'open' }>): void {
  const [runInfo, other] = info.runs as [RunInfo, RunInfo | undefined];
  source = new Source(runInfo);
  const columns = groundTruth === null ? null : unpackColumns<GroundTruthColumns>(groundTruth);
  judge = columns === null ? null : new Judge(columns, info.groundTruth!, runInfo.labels);
  rival = pairs === null ? null : new Rival(other!, unpackColumns<PairColumns>(pairs).pairs);
  census = new Census(source, judge, rival);
  corrections = before;
}

function show({ id, knobs, rows, judged, inspected }: Show): void {
  source!.knobs = knobs;
  if (rival !== null) rival.source.knobs = rival.knobs(knobs);
  const images = rows
    .filter((row) => source!.has(row))
    .map((row): ShownImage => {
      const own = corrections[row]?.regions ?? null;
      const detections = own ?? source!.visible(row);
      return {
        row,
        ...source!.size(row),
        detections,
        corrected: own !== null,
        judged: judged && judge !== null ? judgeImage(judge, row, detections, knobs.matchIou) : null,
        rival: rival?.visible(row) ?? null,
        candidates: row === inspected ? inspect(row, detections, knobs) : null,
      };
    });
  self.postMessage({ type: 'shown', id, images });
}

function inspect(row: number, visible: Detection[], knobs: Knobs): InspectedCandidate[] | null {
  const [candidates, plan] = [source!.candidates(row), source!.plan];
  if (candidates === null || plan === undefined) return null;
  return inspectCandidates(candidates, plan, visible, visibleFrom(source!.info.spec.labels, knobs));
}

let awake = false;
let dirty = false;

function wake(): void {
  if (awake || counting === undefined) return;
  awake = true;
  channel.port2.postMessage(null);
}

/** Counts for a while, tells what it has, and lets other messages in. */
function turn(): void {
  awake = dirty = false;
  const request = counting;
  if (request === undefined || census === undefined) return;
  const knobs = JSON.stringify(request.knobs);
  if (knobs !== begun) {
    census.begin(request.knobs);
    rival?.census.begin(rival.knobs(request.knobs));
  }
  begun = knobs;
  const end = performance.now() + TURN_MS;
  let more = true;
  while (more && performance.now() < end) more = census.step() || (rival?.census.step() ?? false);
  const now = performance.now();
  if (!more || now > nextReport) {
    report(request);
    const end = performance.now();
    nextReport = end + Math.max(REPORT_MS, 10 * (end - now)); // long runs are not joined again and again
  }
  if (more || dirty) wake();
  else confuse(request);
}

/** The confusion matrix takes longest: it follows the numbers, unless something else is asked for meanwhile. */
function confuse(request: Count): void {
  setTimeout(() => {
    if (dirty || counting !== request || census!.images === 0) return;
    self.postMessage({ type: 'confused', id: request.id, confusion: census!.confusion() });
  });
}

function report({ id, view, patches }: Count): void {
  if (census!.images === 0) return;
  self.postMessage({ type: 'counted', id, numbers: census!.numbers() });
  self.postMessage({ type: 'ordered', id, order: census!.order(view, corrections, patches) });
}
