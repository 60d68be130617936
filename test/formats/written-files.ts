import { type Annotations, surveyOf } from '../../src/formats/annotations.js';
import type { FormatName, WriteOptions } from '../../src/formats/format.js';
import { FORMATS } from '../../src/formats/formats.js';

/** The files of a format, by path, as texts. Images that are refused are put into `refused`. */
export async function writtenFiles(
  format: FormatName,
  annotations: Annotations,
  { refused = new Map(), ...options }: WriteOptions & { refused?: Map<string, string> } = {},
): Promise<[path: string, text: string][]> {
  const survey = await surveyOf(annotations);
  const refuse = (image: string, reason: string) => refused.set(image, reason);
  const files: [string, string][] = [];
  for await (const { path, pieces } of FORMATS[format].write(annotations, { ...options, survey, refuse, refused })) {
    let text = '';
    for await (const piece of pieces) text += piece;
    files.push([path, text]);
  }
  return files;
}
