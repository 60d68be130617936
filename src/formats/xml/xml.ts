import { SaxesParser } from 'saxes';
import { reason, SigboxError } from '../../errors.js';
import type { ReadContext } from '../format.js';
import { parseNumber } from '../reading/malformed.js';
import { textPieces } from '../reading/read-text.js';

/** An element of an XML file. */
export interface Element {
  name: string;
  attributes: Readonly<Record<string, string>>;
  /** Only those inside the element itself. */
  children: Element[];
  /** All text directly inside. */
  text: string;
}

/** Elements that are handed out when they end, and then forgotten. */
export interface XmlEntries {
  isEntry: (name: string) => boolean;
  /** Called with each of them, in their order; what it throws ends the reading. */
  onEntry: (element: Element) => void;
}

/**
 * Reads an XML file as a stream, in the encoding that it declares. Entities that the file declares itself are an error, so
 * that neither its size in memory nor other files can be played with.
 *
 * @returns the root, without the entries
 * @throws SigboxError E_IO  the file can't be read, or is not well-formed
 */
export async function readXml(
  file: string,
  context: Pick<ReadContext, 'encoding' | 'remarks'>,
  { isEntry, onEntry }: XmlEntries = { isEntry: () => false, onEntry: () => {} },
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
    for await (const piece of textPieces(file, context, declaredEncoding)) parser.write(piece);
    parser.close();
  } catch (cause) {
    if (cause instanceof SigboxError) throw cause;
    throw new SigboxError('E_IO', `${file}: cannot be read: ${reason(cause)}.`, { cause });
  }
  return document.children[0]!;
}

/** Of an XML declaration. */
export function declaredEncoding(head: string): string | undefined {
  return /^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([\w.:-]+)["']/.exec(head)?.[1];
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
