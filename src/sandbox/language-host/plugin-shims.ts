import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { extname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const PLUGINS = {
  'pulumi-language-nodejs': './main',
  'pulumi-resource-kubernetes': '../provider/main',
} as const;
/** `.js` in the compiled program, `.ts` in the sources, which need a loader. */
const EXTENSION = extname(fileURLToPath(import.meta.url));

/**
 * Writes the executables `pulumi-language-nodejs` and `pulumi-resource-kubernetes` into a folder.
 * With that folder on `PATH`, the `pulumi` command needs no plugins from the network.
 */
export async function writePluginShims(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  const loader =
    EXTENSION === '.ts' ? ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href] : [];
  for (const [name, main] of Object.entries(PLUGINS)) {
    const words = [process.execPath, ...loader, fileURLToPath(new URL(main + EXTENSION, import.meta.url))];
    await writeFile(join(directory, name), `#!/bin/sh\nexec ${words.map(quote).join(' ')} "$@"\n`, { mode: 0o755 });
  }
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
