import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const PLUGINS = {
  'pulumi-language-nodejs': './main.ts',
  'pulumi-resource-kubernetes': '../provider/main.ts',
} as const;

/**
 * Writes the executables `pulumi-language-nodejs` and `pulumi-resource-kubernetes` into a folder.
 * With that folder on `PATH`, the `pulumi` command needs no plugins from the network.
 */
export async function writePluginShims(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  for (const [name, main] of Object.entries(PLUGINS)) {
    const words = [process.execPath, '--import', loader, fileURLToPath(new URL(main, import.meta.url))];
    await writeFile(join(directory, name), `#!/bin/sh\nexec ${words.map(quote).join(' ')} "$@"\n`, { mode: 0o755 });
  }
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
