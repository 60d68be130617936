import { expect, test } from 'vitest';
import { parseCommandLine } from '../../../src/cli/command-line.js';
import { complaint } from '../../support/complaint.js';

test.each([
  ['--only', ['--only', 'persn'], /^--only: the model has no label "persn"\. Did you mean "person"\?/],
  ['--include', ['--include', 'persn'], /^--include: the model has no label "persn"/],
  ['--exclude', ['--exclude=persn'], /^--exclude: the model has no label "persn"/],
  ['--score', ['--score', 'persn=0.5'], /^--score: the model has no label "persn"/],
  ['--iou', ['--iou', 'persn=0.5'], /^--iou: the model has no label "persn"/],
])('a label that the model does not have: the message has the word that was typed, %s', async (_, options, message) => {
  const request = parseCommandLine(['detect', 'x.jpg', '--no-config', ...options]);
  await expect((request as { run(): Promise<number> }).run()).rejects.toThrow(complaint('E_ARGUMENT', message));
});

test.each([
  ['evaluate', 'out', 'charts'],
  ['compare', 'out', 'chart'],
  ['detect', 'conf', 'score'],
  ['detect', 'classes', 'only'],
  ['detect', 'threshold', 'score'],
  ['annotate', 'output-dir', 'out'],
])('%s --%s: did you mean --%s?', (command, typed, meant) => {
  expect(() => parseCommandLine([command, 'a', 'b', `--${typed}`, 'x'])).toThrow(
    complaint('E_ARGUMENT', new RegExp(`Unknown option --${typed}\\. Did you mean --${meant}\\?`)),
  );
});
