import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { parseCommandLine } from '../src/cli/command-line.js';
import { parseShard } from '../src/runs/inputs/shard.js';
import { root } from './support/run.js';

const folder = join(root, 'deploy');

interface Container {
  image?: string;
  args?: string[];
  command?: string[];
  env?: { name: string; value?: string }[];
}

/** All containers of a file, of Compose or of Kubernetes. */
function containersIn(file: string): Container[] {
  const documents = parseAllDocuments(readFileSync(join(folder, file), 'utf8'));
  return documents.flatMap((document) => {
    expect(document.errors).toEqual([]);
    const { services, spec } = document.toJS();
    if (services !== undefined) return Object.values(services) as Container[];
    return (spec.template?.spec.containers ?? []) as Container[];
  });
}

const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));

describe.each(files)('deploy/%s', (file) => {
  const own = containersIn(file).filter(({ image }) => image?.endsWith('sigbox'));

  test('its commands are those of sigbox', () => {
    expect(own.length).toBeGreaterThan(0);
    for (const { args, command } of own) expect(parseCommandLine(args ?? command ?? [])).toHaveProperty('run');
  });

  test('shares are told as --shard auto reads them', () => {
    for (const { args = [], env = [] } of own.filter((container) => container.args?.includes('auto'))) {
      expect(args).toContain('--shard');
      const count = env.find(({ name }) => name === 'JOB_COMPLETIONS')?.value;
      const shard = parseShard('auto', { JOB_COMPLETION_INDEX: '3', JOB_COMPLETIONS: count });
      expect(shard).toEqual({
        part: 4,
        of: parseAllDocuments(readFileSync(join(folder, file), 'utf8'))[0]!.toJS().spec.completions,
      });
    }
  });
});
