import { createReadStream } from 'node:fs';
import { SaxesParser } from 'saxes';
import { reason, SigboxError } from '../../errors.js';
import { malformed } from '../check.js';

/** An element of an XML file. */
export interface Element {
  name: string;
  attributes: Readonly<Record<string, string>>;
  /** Only those inside the element itself. */
  children: Element[];
  /** All text directly inside. */
  text: string;
}

/**
 * Reads an XML file as a stream. Entities that the file declares itself are an error, so that neither its size in memory
 * nor other files can be played with.
 *
 * @param isEntry  elements that are handed out when they end, and then forgotten
 * @param onEntry  called with each of them, in their order; what it throws ends the reading
 * @returns the root, without the entries
 * @throws SigboxError E_IO  the file can't be read, or is not well-formed
 */
export async function readXml(
  file: string,
  isEntry: (name: string) => boolean = () => false,
  onEntry: (element: Element) => void = () => {},
): Promise<Element> {
  const document: Element = { name: '', attributes: {}, children: [], text: '' };
  const open = [document];
  const parser = new SaxesParser({ fileName: file });
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    open.push({ name, attributes: attributes as Record<string, string>, children: [], text: '' });
  });
  const addText = (text: string) => {
    open.at(-1)!.text += text;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => {
    const element = open.pop()!;
    if (isEntry(element.name)) onEntry(element);
    else open.at(-1)!.children.push(element);
  });
  try {
    for await (const piece of createReadStream(file, 'utf8')) parser.write(piece as string);
    parser.close();
  } catch (cause) {
    if (cause instanceof SigboxError) throw cause;
    throw new SigboxError('E_IO', `${file}: cannot be read: ${reason(cause)}.`, { cause });
  }
  return document.children[0]!;
}

export function childOf(element: Element | undefined, name: string): Element | undefined {
  return element?.children.find((child) => child.name === name);
}

/** Text of a child, without space around it; undefined where there is no such child. */
export function textOf(element: Element | undefined, name: string): string | undefined {
  return childOf(element, name)?.text.trim();
}

/** A name that a child holds: with all its spaces, save the line breaks that an indented file puts around it. */
export function nameOf(element: Element | undefined, name: string): string | undefined {
  return childOf(element, name)?.text.replace(/^\s*\n\s*|\s*\n\s*$/g, '');
}

/**
 * The number in a child; undefined where there is no such child.
 *
 * @throws SigboxError E_IO  it holds something else
 */
export function numberOf(element: Element | undefined, name: string, where: string): number | undefined {
  const text = textOf(element, name);
  return text === undefined ? undefined : parseNumber(text, `${where}: ${name}`);
}

/** @throws SigboxError E_IO  the text is no finite number in decimal form */
export function parseNumber(text: string | undefined, where: string): number {
  const number = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isFinite(number)) return number;
  throw malformed(where, 'a number', text);
}
