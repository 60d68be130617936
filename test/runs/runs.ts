import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { settleOptions } from '../../src/options/plan.js';
import {
  failureLine,
  type RecordedFailure,
  type RecordedResult,
  resultLine,
  type WrittenRecord,
} from '../../src/runs/record/record.js';
import { type RunHeader, runHeader } from '../../src/runs/record/run-header.js';
import { detectionsJson } from '../../src/text/detections-json.js';
import type { Box, Detection, LabelScore } from '../../src/types/detections.js';
import { inputSpec } from '../support/input-spec.js';

/** Labels of the models of made-up runs, by class. */
export const LABELS = [null, 'person', 'car', 'truck'];

/** A header of a run of four class columns, with a floor of 0.05. */
export function headerOf(changes: Partial<RunHeader> = {}): RunHeader {
  const { include: _all, ...options } = settleOptions({ scoreThreshold: 0.05 });
  return {
    ...runHeader({
      versions: { sigbox: '0.1.0' },
      model: { file: '/models/small.onnx', sha256: 'a'.repeat(64) },
      spec: {
        name: 'small',
        input: inputSpec(),
        head: {
          family: 'ssd',
          ...{ scores: 'scores', boxes: 'boxes', anchors: 'anchors' },
          activation: 'sigmoid',
          boxScales: [10, 10, 5, 5],
        },
        labels: LABELS,
      },
      options,
      thresholds: { scoreThreshold: 0.35, labelThresholds: {} },
      rendering: { pictures: false, pictureSize: null, crops: false },
      exports: [],
      inputs: { root: '/photos', given: ['photos'], shard: null, hash: false },
    }),
    ...changes,
  };
}

/** A region of the given labels, highest score first. */
export function regionOf(box: Box, ...labels: [classId: number, score: number][]): Detection {
  const all: LabelScore[] = labels.map(([classId, score]) => ({ label: LABELS[classId]!, classId, score }));
  return { box, ...all[0]!, labels: all };
}

const file = { bytes: 12, modified: '2026-11-24T12:00:00.000Z' };

export function recordOf(image: string, ...detections: Detection[]): RecordedResult {
  return { image, width: 640, height: 480, detections, file };
}

export function writtenOf(record: RecordedResult): WrittenRecord {
  return { ...record, detections: detectionsJson(record.detections) };
}

export function failureOf(image: string): RecordedFailure {
  return { image, error: { code: 'E_IMAGE', message: 'no image' }, file };
}

/** Writes the files of a run. */
export async function writeRun(
  folder: string,
  {
    header = headerOf(),
    results = [],
    failures = [],
  }: {
    header?: RunHeader;
    results?: RecordedResult[];
    failures?: RecordedFailure[];
  },
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'run.json'), JSON.stringify(header));
  await writeFile(join(folder, 'unfiltered.jsonl'), results.map(resultLine).join(''));
  await writeFile(join(folder, 'failures.jsonl'), failures.map(failureLine).join(''));
}
