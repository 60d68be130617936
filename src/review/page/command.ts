import type { PageInfo, RunInfo } from '../protocol/info.js';
import type { Knobs } from '../protocol/knobs.js';
import { knobsOf } from './state.js';

/** The command line that gives what is seen. */
export function commandOf({ paths }: PageInfo, run: RunInfo, knobs: Knobs): string {
  const before = knobsOf(run);
  const parts = ['sigbox export', quoted(paths.runs[0]!)];
  const add = (name: string, value: unknown) => parts.push(`--${name} ${quoted(String(value))}`);
  add('score', knobs.scoreThreshold);
  for (const [label, score] of Object.entries(knobs.labelThresholds)) add('score', `${label}=${score}`);
  const { how } = knobs;
  const changed = <Name extends keyof Knobs['how']>(name: Name) =>
    JSON.stringify(how[name]) !== JSON.stringify(before.how[name]);
  if (changed('iouThreshold')) add('iou', how.iouThreshold);
  for (const [label, iou] of Object.entries(how.labelIouThresholds ?? {})) {
    if (changed('labelIouThresholds')) add('iou', `${label}=${iou}`);
  }
  if (changed('suppression')) add('suppression', how.suppression);
  if (changed('measure')) add('measure', how.measure);
  if (changed('scope')) {
    if (Array.isArray(how.scope)) for (const group of how.scope) add('group', group.join(','));
    else add('scope', how.scope);
  }
  if (changed('labels')) add('labels', how.labels);
  if (changed('sigma')) add('sigma', how.sigma);
  if (changed('regionIou')) add('region-iou', how.regionIou);
  // a run that is post-processed again goes into a folder of its own
  if (JSON.stringify(how) !== JSON.stringify(before.how)) add('out', `${paths.runs[0]!}-again`);
  parts.push('--format coco');
  return parts.join(' ');
}

/** As a POSIX shell takes it for one word. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
