import type { Command } from '../command.js';
import { annotate } from './annotate.js';
import { calibrate } from './calibrate.js';
import { compare } from './compare.js';
import { detect } from './detect.js';
import { evaluate } from './evaluate.js';
import { exportCommand } from './export.js';
import { inspect } from './inspect.js';
import { listLabels } from './labels.js';
import { merge } from './merge.js';
import { models } from './models.js';
import { pull } from './pull.js';
import { review } from './review.js';
import { tune } from './tune.js';

/** Every command, in the order of the help. A new one is a file beside this one and a line here. */
export const COMMANDS: readonly Command[] = [
  detect,
  annotate,
  exportCommand,
  merge,
  review,
  evaluate,
  compare,
  tune,
  calibrate,
  inspect,
  listLabels,
  models,
  pull,
];
