import { expect, test } from 'vitest';
import { parseShard } from '../../../src/runs/inputs/shard.js';
import { complaint } from '../../support/complaint.js';

test.each([
  ['3/8', {}, { part: 3, of: 8 }],
  ['auto', { JOB_COMPLETION_INDEX: '0', JOB_COMPLETIONS: '4' }, { part: 1, of: 4 }],
  ['auto', { AWS_BATCH_JOB_ARRAY_INDEX: '9', AWS_BATCH_JOB_ARRAY_SIZE: '10' }, { part: 10, of: 10 }],
  ['auto', { SLURM_ARRAY_TASK_ID: '7', SLURM_ARRAY_TASK_COUNT: '8' }, { part: 8, of: 8 }],
  [
    'auto', // --array=1-8
    slurm({ ID: '1', COUNT: '8', MIN: '1', MAX: '8' }),
    { part: 1, of: 8 },
  ],
  [
    'auto', // --array=10-40:10
    slurm({ ID: '30', COUNT: '4', MIN: '10', MAX: '40', STEP: '10' }),
    { part: 3, of: 4 },
  ],
])('%s with %j', (text, env, shard) => {
  expect(parseShard(text, env)).toEqual(shard);
});

test.each([
  ['0/8', {}, /expected a part of parts, as 3\/8, or auto/],
  ['9/8', {}, /received "9\/8"/],
  ['auto', {}, /expected one of the variables JOB_COMPLETION_INDEX.* Give --shard PART\/OF/],
  ['auto', { JOB_COMPLETION_INDEX: '0' }, /Set JOB_COMPLETIONS/],
  ['auto', { JOB_COMPLETION_INDEX: '4', JOB_COMPLETIONS: '4' }, /JOB_COMPLETION_INDEX=4/],
  ['auto', { AWS_BATCH_JOB_ARRAY_INDEX: 'x', AWS_BATCH_JOB_ARRAY_SIZE: '4' }, /AWS_BATCH_JOB_ARRAY_INDEX=x/],
  ['auto', slurm({ ID: '5', COUNT: '3', MIN: '1', MAX: '7' }), /without gaps/], // --array=1,5,7
  ['auto', slurm({ ID: '2', COUNT: '4', MIN: '1', MAX: '7', STEP: '2' }), /SLURM_ARRAY_TASK_ID=2/],
])('%s with %j is refused', (text, env, message) => {
  expect(() => parseShard(text, env)).toThrow(complaint('E_ARGUMENT', message));
});

function slurm(values: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`SLURM_ARRAY_TASK_${name}`, value]));
}
