import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type IdentifiedModel, identify, type ModelGiven as UserGiven } from '../../src/identify/identify.js';
import { type ModelGiven, onnxModel } from './onnx.js';
import { temporaryFolder } from './temporary-folder.js';

/** What a model of constant outputs is taken for. `beside`: files in its folder, by name. */
export async function identified(
  model: ModelGiven,
  given: UserGiven = {},
  beside: Record<string, string> = {},
): Promise<IdentifiedModel> {
  const folder = await temporaryFolder();
  const file = join(folder, 'model.onnx');
  await writeFile(file, onnxModel(model));
  for (const [name, text] of Object.entries(beside)) await writeFile(join(folder, name), text);
  return identify(file, given);
}

/** Why a field of the spec is what it is. */
export function becauseOf({ decisions }: IdentifiedModel, field: string): string | undefined {
  return decisions.find((decision) => decision.field === field)?.because;
}
