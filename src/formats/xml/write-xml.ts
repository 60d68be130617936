import XMLBuilder from 'fast-xml-builder';
import { complain } from '../../errors.js';

export const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

const builder = new XMLBuilder({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  format: true,
  suppressEmptyNode: true,
  suppressBooleanAttributes: false,
  processEntities: false, // the builder's own leave line breaks as they are, which readers of attributes make spaces
  attributeValueProcessor: (_name, value) => escaped(String(value)),
  tagValueProcessor: (_name, value) => escaped(String(value)),
});

/** An element as XML, in lines of its own: keys that begin with @ are attributes, `#text` is its text. */
export function toXml(element: Record<string, unknown>): string {
  return builder.build(element);
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(text: string): string {
  return text.replace(/[&<>"\t\n\r]/g, (letter) => ENTITIES[letter] ?? `&#${letter.charCodeAt(0)};`);
}

/** Whether XML can hold a text: it has no control characters but tab and line breaks, and no halves of characters. */
export function xmlHolds(text: string): boolean {
  return !/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(text);
}

export const unheldByXml = 'XML can’t hold a character of its name';

/** @throws SigboxError E_ARGUMENT  a label that XML can't hold */
export function checkXmlLabels(labels: readonly string[], format: string): void {
  const label = labels.find((text) => !xmlHolds(text) || /^\s*\n|\n\s*$/.test(text)); // readers trim indented text
  if (label === undefined) return;
  const expected = 'labels that XML can contain: no control characters, no line breaks at either end';
  throw complain('E_ARGUMENT', { where: format, expected, received: label, mend: 'Choose another format.' });
}
