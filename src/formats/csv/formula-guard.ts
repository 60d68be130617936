/** What makes spreadsheets take a cell for a formula. Source: OWASP, CSV Injection */
const START = '[=+\\-@\\t\\r＝＋－＠]';
const guardable = new RegExp(`^'*${START}`);
const guarded = new RegExp(`^'+${START}`);

/** A text as a cell that no spreadsheet takes for a formula: with an apostrophe in front, where it could. */
export function guardCell(text: string): string {
  return guardable.test(text) ? `'${text}` : text;
}

/** The text of a cell that was guarded. */
export function unguardCell(cell: string): string {
  return guarded.test(cell) ? cell.slice(1) : cell;
}
