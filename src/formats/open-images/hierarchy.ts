import type { Schema } from '../../check/shapes.js';
import { list, looseObject, optional, word } from '../../check/shapes.js';
import { text } from '../../check/words.js';
import { reason, SigboxError } from '../../errors.js';
import { readText } from '../../files/read-file.js';
import { checkContent } from '../reading/malformed.js';

/** A label of Open Images' hierarchy with those that are kinds of it. */
export interface HierarchyNode {
  LabelName: string;
  Subcategory?: HierarchyNode[];
}

const DEEPEST = 50;
const subcategory: Schema<HierarchyNode> = word('an object with LabelName', (value) => isNode(value, 0));

function isNode(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return false;
  const { LabelName, Subcategory = [] } = value as Partial<HierarchyNode>;
  return (
    typeof LabelName === 'string' && Array.isArray(Subcategory) && Subcategory.every((own) => isNode(own, depth + 1))
  );
}

const root = looseObject({
  LabelName: text,
  Subcategory: optional(list('labels', subcategory)),
}) as Schema<HierarchyNode>;

/** @throws SigboxError E_IO  it can't be read, or is no hierarchy */
export async function readHierarchy(file: string): Promise<HierarchyNode> {
  const content = await readText(file);
  try {
    return checkContent(root, JSON.parse(content), file);
  } catch (cause) {
    if (cause instanceof SigboxError) throw cause;
    throw new SigboxError('E_IO', `${file}: is not valid JSON: ${reason(cause)}.`, { cause });
  }
}

/** Label → the labels directly below it. The root, which is everything, is left out; so are parts of things. */
export function childrenOf(tree: HierarchyNode, nameOf: (label: string) => string): Record<string, string[]> {
  const found = new Map<string, Set<string>>();
  const visit = ({ LabelName, Subcategory = [] }: HierarchyNode): void => {
    const name = nameOf(LabelName);
    for (const child of Subcategory) {
      if (!found.has(name)) found.set(name, new Set());
      found.get(name)!.add(nameOf(child.LabelName));
      visit(child);
    }
  };
  for (const child of tree.Subcategory ?? []) visit(child);
  return Object.fromEntries([...found].map(([name, children]) => [name, [...children]]));
}
