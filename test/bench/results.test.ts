import { describe, expect, test } from 'vitest';
import { withResults } from '../../bench/results.js';

const date = new Date('2026-12-01T10:00:00Z');
const page = [
  '# Stages\n',
  '- Measured: 2026-11-25, commit 1234567',
  '- Machine: another, with a very long name,',
  '  in two lines',
  '- Command: `x`\n',
  'Median ms.\n',
  '<!-- tables: written by the bench -->\n\n| old |\n\n<!-- end of tables -->\n',
  '## Notes\n\n- One.\n',
].join('\n');

describe('withResults', () => {
  test('replaces the header and the tables, and keeps what people wrote', () => {
    const lines = withResults(page, { name: 'stages', tables: '| new |', date }).split('\n');
    expect(lines.slice(0, 2)).toEqual(['# Stages', '']);
    expect(lines[2]).toMatch(/^- Measured: 2026-12-01, commit \w+/);
    expect(lines[3]).toMatch(/^- Machine: .*; Node \d+\.\d+\.\d+; onnxruntime-node \d.*; sharp \d/);
    expect(lines[4]).toMatch(/^- Command: `/);
    expect(lines.slice(5)).toEqual([
      ...['', 'Median ms.', '', '<!-- tables: written by the bench -->', '', '| new |', ''],
      ...['<!-- end of tables -->', '', '## Notes', '', '- One.', ''],
    ]);
  });

  test('again gives the same', () => {
    const once = withResults(page, { name: 'stages', tables: '| new |', date });
    expect(withResults(once, { name: 'stages', tables: '| new |', date }).replace(/load .*/, '')).toBe(
      once.replace(/load .*/, ''),
    );
  });

  test('refuses a page without a place for tables', () => {
    expect(() => withResults('# Stages\n', { name: 'stages', tables: '', date })).toThrow(
      /stages\.md: expected the lines/,
    );
  });
});
