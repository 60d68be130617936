import { nearestName } from '../../check/nearest-name.js';
import type { Command } from '../command.js';
import { GLOBAL, type KnownWord, wordsOf } from './words.js';

/** Commands that print numbers write charts only. */
const FILES = ['out', 'charts', 'chart'];

/** What other programs call an option, and what it is called here; of several words the first that a command has. */
const ELSEWHERE: Readonly<Record<string, string | readonly string[]>> = {
  ...{
    conf: 'score',
    'conf-thres': 'score',
    'conf-threshold': 'score',
    'score-threshold': 'score',
    threshold: 'score',
  },
  ...{ thresh: 'score', 'min-score': 'score', 'min-confidence': 'score' },
  ...{ class: 'only', classes: 'only', label: 'only', filter: 'only', 'exclude-labels': 'exclude' },
  ...{ 'iou-thres': 'iou', 'iou-threshold': 'iou', nms: 'iou', 'nms-iou': 'iou', 'max-det': 'max', limit: 'max' },
  ...{ weights: 'model', checkpoint: 'model', network: 'model', names: 'labels-file', 'class-names': 'labels-file' },
  ...{ img: 'size', imgsz: 'size', 'img-size': 'size', resolution: 'size', device: 'provider', gpu: 'provider' },
  ...{
    output: FILES,
    'output-dir': FILES,
    project: FILES,
    dir: FILES,
    out: FILES,
    save: FILES,
    force: 'restart',
    overwrite: 'restart',
  },
  ...{ jobs: 'workers', processes: 'workers', parallel: 'workers', formats: 'format', type: 'format', to: 'format' },
  ...{ 'save-txt': 'format', 'save-crop': 'crops', silent: 'quiet', mapping: 'map', 'agnostic-nms': 'scope' },
};

/** The word of a command that somebody means by an unknown one; null if none is likely. @param typed  with its dashes */
export function meantWord(typed: string, { options }: Command): string | null {
  const name = typed.replace(/^-+(no-)?/, '').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const words = new Map<string, KnownWord>([...GLOBAL, ...wordsOf(options)]);
  const spelled = [...words.values()].flatMap(({ word, also }) => (also === undefined ? [word] : [word, also]));
  const elsewhere = Object.hasOwn(ELSEWHERE, name) ? [ELSEWHERE[name]!].flat() : [];
  return elsewhere.find((word) => spelled.includes(word)) ?? nearestName(spelled, name);
}

/** What other programs call a command. */
const COMMANDS: Readonly<Record<string, string>> = {
  ...{ predict: 'detect', infer: 'detect', run: 'detect', find: 'detect', label: 'annotate', batch: 'annotate' },
  ...{ convert: 'export', val: 'evaluate', validate: 'evaluate', eval: 'evaluate', test: 'evaluate', info: 'inspect' },
  ...{ classes: 'labels', names: 'labels', join: 'merge', thresholds: 'tune', show: 'inspect', download: 'pull' },
};

/** The command that somebody means by an unknown one; null if none is likely. */
export function meantCommand(typed: string, names: readonly string[]): string | null {
  const elsewhere = Object.hasOwn(COMMANDS, typed) ? COMMANDS[typed]! : null;
  return elsewhere !== null && names.includes(elsewhere) ? elsewhere : nearestName(names, typed);
}
