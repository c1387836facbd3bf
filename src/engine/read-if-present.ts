import { access, readdir, readFile } from 'node:fs/promises';

/** The text of a file, or undefined when there is none. */
export async function readIfPresent(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(absent);
}

/** Whether there is such a file or folder. */
export async function isPresent(path: string): Promise<boolean> {
  return (
    (await access(path)
      .then(() => true)
      .catch(absent)) ?? false
  );
}

/** The names in a folder; none when there is no such folder. */
export async function listIfPresent(path: string): Promise<string[]> {
  return (await readdir(path).catch(absent)) ?? [];
}

/** Undefined for a file that is not there; other errors are thrown on. */
export function absent(thrown: unknown): undefined {
  if (thrown instanceof Error && 'code' in thrown && (thrown.code === 'ENOENT' || thrown.code === 'ENOTDIR')) {
    return undefined;
  }
  throw thrown;
}
