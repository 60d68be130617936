import { main } from 'assemblyscript/asc';

const FLAGS = '-O3 --converge --noAssert --runtime stub --importMemory --use abort= --enable simd';

/**
 * Compiles AssemblyScript to WebAssembly with SIMD, whose memory is imported. The same sources and compiler give the same
 * bytes.
 *
 * @param entry  relative to `root`
 */
export async function compileAssembly(entry: string, root: string): Promise<Uint8Array> {
  const written = new Map<string, Uint8Array>();
  const options = [entry, '--baseDir', root, '--outFile', 'kernels.wasm', ...FLAGS.split(' ')];
  const { error, stderr } = await main(options, {
    writeFile: (name, contents) => void written.set(name, Buffer.from(contents)),
  });
  if (error !== null) throw new Error(`${entry} does not compile.\n${stderr}`, { cause: error });
  return written.get('kernels.wasm')!;
}
