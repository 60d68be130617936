import type { Command } from '../command.js';
import { annotateCommand } from './annotate.js';
import { calibrateCommand } from './calibrate.js';
import { checkCommand } from './check.js';
import { compareCommand } from './compare.js';
import { detectCommand } from './detect.js';
import { evaluateCommand } from './evaluate.js';
import { explainCommand } from './explain.js';
import { exportCommand } from './export.js';
import { inspectCommand } from './inspect.js';
import { labelsCommand } from './labels.js';
import { collectCommand } from './machines/collect.js';
import { planCommand } from './machines/plan.js';
import { statusCommand } from './machines/status.js';
import { workCommand } from './machines/work.js';
import { mergeCommand } from './merge.js';
import { modelsCommand } from './models.js';
import { pullCommand } from './pull.js';
import { reviewCommand } from './review.js';
import { tuneCommand } from './tune.js';

/** Every command, in the order of the help. A new one is a file beside this one and a line here. */
export const COMMANDS: readonly Command[] = [
  detectCommand,
  annotateCommand,
  exportCommand,
  mergeCommand,
  planCommand,
  workCommand,
  statusCommand,
  collectCommand,
  reviewCommand,
  explainCommand,
  evaluateCommand,
  compareCommand,
  checkCommand,
  tuneCommand,
  calibrateCommand,
  inspectCommand,
  labelsCommand,
  modelsCommand,
  pullCommand,
];
