import Table from 'cli-table3';

const NO_LINES = {
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '' },
  ...{ bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' },
  ...{ left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: '  ' },
};

/** Columns without lines, the first to the left and numbers to the right; '' when there are no rows. */
export function table(head: string[], rows: string[][]): string {
  if (rows.length === 0) return '';
  const style = { head: [], border: [], 'padding-left': 0, 'padding-right': 0 };
  const colAligns = head.map((_, i) => (i === 0 ? 'left' : 'right') as 'left' | 'right');
  const drawn = new Table({ head, chars: NO_LINES, style, colAligns });
  drawn.push(...rows);
  return `${drawn
    .toString()
    .split('\n')
    .map((line) => `  ${line.trimEnd()}\n`)
    .join('')}`;
}
