import { reason, SigboxError } from '../../errors.js';
import { openRegular, readJson } from '../../files/read-file.js';
import type { FormatName } from '../format.js';

/** How much of a JSON file is looked at; what is not told by it is told by the whole file. */
const HEAD = 1 << 16;

/**
 * The format of a JSON file, by the names of its fields.
 *
 * @returns null where it is none of ours
 * @throws SigboxError E_IO  it can't be read, or is no JSON
 */
export async function jsonKind(file: string): Promise<FormatName | null> {
  return kindOfFields(fieldsIn(await headOf(file))) ?? kindOfContent(await readJson(file));
}

/** Fields of the outermost object, or of the first object in the outermost list; and of the first entries of its lists. */
interface Fields {
  isList: boolean;
  names: Set<string>;
  /** `list.field` of first entries. */
  inside: Set<string>;
}

function kindOfFields({ isList, names, inside }: Fields): FormatName | null {
  if (isList) return kindOfEntry(names);
  if (names.has('shapes') && names.has('imagePath')) return 'labelme';
  const images = inside.has('images.file_name') || inside.has('images.coco_url');
  const annotations = inside.has('annotations.image_id') && inside.has('annotations.category_id');
  if (images || annotations) return 'coco';
  return ['images', 'annotations', 'categories'].every((name) => names.has(name)) ? 'coco' : null;
}

function kindOfEntry(names: ReadonlySet<string>): FormatName | null {
  if (names.has('image_id') && names.has('category_id')) return 'coco-results';
  if (names.has('data') && !names.has('image_id')) return 'label-studio';
  return names.has('annotation_id') && names.has('annotator') ? 'label-studio' : null; // its JSON-MIN
}

function kindOfContent(content: unknown): FormatName | null {
  const namesOf = (value: unknown) => new Set(Object.keys(Object(value)));
  if (Array.isArray(content)) return kindOfEntry(namesOf(content[0]));
  const names = namesOf(content);
  if (names.has('shapes') && names.has('imagePath')) return 'labelme';
  return names.has('images') && names.has('categories') ? 'coco' : null;
}

/** Goes through the head of a JSON text, which may end anywhere. */
function fieldsIn(text: string): Fields {
  const found: Fields = { isList: /^\s*\[/.test(text), names: new Set(), inside: new Set() };
  const path: { name: string; entries: number }[] = [];
  const base = found.isList ? 2 : 1;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\],]/gs)) {
    const top = path.at(-1);
    if (token === '{' || token === '[') path.push({ name: '', entries: 0 });
    else if (token === '}' || token === ']') path.pop();
    else if (token === ',' && top !== undefined) top.entries++;
    else if (token.endsWith(':') && top !== undefined) {
      top.name = JSON.parse(token.replace(/\s*:$/, ''));
      if (path.length === base && (!found.isList || path[0]!.entries === 0)) found.names.add(top.name);
      if (path.length === 3 && !found.isList && path[1]!.entries === 0)
        found.inside.add(`${path[0]!.name}.${top.name}`);
    }
  }
  return found;
}

async function headOf(file: string): Promise<string> {
  try {
    await using handle = await openRegular(file);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD));
    return buffer.toString('utf8', 0, bytesRead);
  } catch (cause) {
    throw new SigboxError('E_IO', `${file}: cannot be read: ${reason(cause)}.`, { cause });
  }
}
