import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Removes all entries of a folder but so many that were written or touched last; of those that are meant. */
export async function keepNewest(
  directory: string,
  count: number,
  isMeant: (name: string) => boolean = () => true,
): Promise<void> {
  const names = (await readdir(directory)).filter(isMeant);
  if (names.length <= count) {
    return;
  }
  const entries = await Promise.all(
    names.map(async (name) => ({ name, at: (await lstat(join(directory, name))).mtimeMs })),
  );
  const outdated = entries.sort((a, b) => b.at - a.at).slice(count);
  await Promise.all(outdated.map(({ name }) => rm(join(directory, name), { recursive: true, force: true })));
}
