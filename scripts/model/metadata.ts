import type { BuildManifest } from './manifest.js';

/**
 * What the ONNX file says about itself: `sigbox.spec` for sigbox, `names` for tools that read Ultralytics exports, and
 * the rest for people.
 */
export function metadata({ spec, description, license, origin, source }: BuildManifest): Record<string, string> {
  return {
    names: pythonDict(spec.labels),
    'sigbox.spec': JSON.stringify(spec),
    description,
    license,
    source: `${origin}; npm ${source.package} ${source.integrity}`,
  };
}

/** Class number → label as a Python dict literal, `{1: 'person', 2: 'bicycle'}`; columns without a label are left out. */
export function pythonDict(labels: readonly (string | null)[]): string {
  const entries = labels.flatMap((label, classId) => (label === null ? [] : [`${classId}: ${pythonString(label)}`]));
  return `{${entries.join(', ')}}`;
}

/** As Python's repr writes it: in single quotes, or in double quotes when that saves the escaping. */
function pythonString(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text
    .replace(/\\/g, '\\\\')
    .replaceAll(quote, `\\${quote}`)
    .replace(/\n/g, '\\n')
    .replace(/\r/g, '\\r')
    .replace(/\t/g, '\\t');
  return quote + escaped + quote;
}
