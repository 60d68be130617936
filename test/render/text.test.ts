import { describe, expect, test } from 'vitest';
import { escapeXml, shownText, textWidth } from '../../src/render/text.js';

describe('shownText', () => {
  const rows: [string, string, string][] = [
    ['as it is', 'traffic light', 'traffic light'],
    ['any script', '歩行者', '歩行者'],
    ['spaces around it go', '  car ', 'car'],
    ['control characters become one space', 'a\u0000\n\tb', 'a b'],
    ['characters that turn the reading direction go', 'a\u202eb', 'a b'],
    ['half of a surrogate pair goes', 'a\ud800b', 'a b'],
    ['nothing that can be seen', ' \n', '(blank)'],
    ['as long as may be', 'x'.repeat(20), 'x'.repeat(20)],
    ['too long', 'x'.repeat(21), `${'x'.repeat(19)}…`],
    ['letters of several code points are not cut', 'e\u0301'.repeat(21), `${'é'.repeat(19)}…`],
    ['families are one letter', '👩‍👩‍👧'.repeat(21), `${'👩‍👩‍👧'.repeat(19)}…`],
  ];
  test.each(rows)('%s', (_, text, shown) => {
    expect(shownText(text, 20)).toBe(shown);
  });
});

test('escapeXml', () => {
  expect(escapeXml(`<a href="x">&'</a>`)).toBe(`&lt;a href=&quot;x&quot;&gt;&amp;'&lt;/a&gt;`);
});

describe('textWidth', () => {
  test('grows with the text', async () => {
    const [one, two, three] = await Promise.all(['m', 'mm', 'mmm'].map(textWidth));
    expect(one).toBeGreaterThan(0.3);
    expect(two - one).toBeCloseTo(three - two, 1);
  });

  test.each(['<b>', '&amp;', '"', '%', '歩行者', 'ไทย', '🚗'])('of %s is not of its markup', async (text) => {
    expect(await textWidth(text)).toBeGreaterThan(0.1);
    expect(await textWidth(text)).toBeLessThan(text.length * 1.5);
  });
});
