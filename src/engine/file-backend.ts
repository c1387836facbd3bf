import { link, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { StackId } from '../app/resource-name.js';
import { writeAtomically } from './atomic-write.js';
import { EMPTY_STATE, parseState, type StackState } from './checkpoint.js';
import { absent, isPresent, listIfPresent, readIfPresent } from './read-if-present.js';
import { breakDeadLocks, type BrokenLocks, type Machine } from './stack-locks.js';

/** Updates whose record and state copy are kept; the engine itself never removes any. */
const KEPT_UPDATES = 50;

/** What {@link FileBackend.restoreState} found and did. */
export type Restoration = 'intact' | 'restored' | 'lost';

/** The folder of Pulumi's file backend, for what the `pulumi` command cannot do or does slowly. Layout: `pkg/backend/diy` of Pulumi. */
export class FileBackend {
  readonly #root: string;
  readonly #id: StackId;
  #known: { readonly version: string; readonly state: StackState } | undefined;

  constructor(root: string, id: StackId) {
    this.#root = join(root, '.pulumi');
    this.#id = id;
  }

  /** The folder behind a `file://` URL, or undefined for other backends. */
  static rootOf(url: string): string | undefined {
    if (!url.startsWith('file://')) {
      return undefined;
    }
    const path = decodeURIComponent(url.slice('file://'.length).split('?')[0] ?? '');
    return path.startsWith('~') ? join(homedir(), path.slice(1)) : path;
  }

  /** Where the stack's state is. */
  get statePath(): string {
    return join(this.#root, 'stacks', this.#id.project, `${this.#id.stack}.json`);
  }

  /**
   * The stack's state; undefined when its file cannot be read as one. A stack that is not there has an empty state. A file that is the same one as
   * before, by its times and size, is not read again.
   */
  async readState(): Promise<StackState | undefined> {
    const version = await versionOf(this.statePath);
    if (version !== undefined && version === this.#known?.version) {
      return this.#known.state;
    }
    const text = await readIfPresent(this.statePath);
    const state = text === undefined ? EMPTY_STATE : parseState(text);
    this.#known = version === undefined || state === undefined ? undefined : { version, state };
    return state;
  }

  /** Whether the stack was created. */
  async hasStack(): Promise<boolean> {
    return isPresent(this.statePath);
  }

  /** Removes the locks of dead processes of this host. */
  async breakDeadLocks(machine: Machine): Promise<BrokenLocks> {
    const { project, stack } = this.#id;
    return breakDeadLocks(join(this.#root, 'locks', 'organization', project, stack), machine);
  }

  /**
   * Puts the last good copy in the place of a state file that cannot be read; the broken one is kept beside it.
   * Only to be called while nobody holds the stack's lock.
   */
  async restoreState(): Promise<Restoration> {
    const text = await readIfPresent(this.statePath);
    if (text !== undefined && parseState(text) !== undefined) {
      return 'intact';
    }
    const copy = await this.#lastGoodCopy(text !== undefined);
    if (text === undefined && copy === undefined) {
      return 'intact';
    }
    if (copy === undefined) {
      await rename(this.statePath, this.#brokenPath);
      await rm(`${this.statePath}.attrs`, { force: true });
      return 'lost';
    }
    if (text !== undefined) {
      await this.#keepBroken();
    }
    await writeAtomically(this.statePath, copy);
    await rm(`${this.statePath}.attrs`, { force: true });
    return 'restored';
  }

  /** By a second name, which takes no space: until the copy is written, the broken file says that there was a state. */
  async #keepBroken(): Promise<void> {
    await rm(this.#brokenPath, { force: true });
    await link(this.statePath, this.#brokenPath);
  }

  get #brokenPath(): string {
    return `${this.statePath}.corrupt`;
  }

  /** Removes the records of all but the latest updates. */
  async pruneHistory(): Promise<void> {
    const names = (await listIfPresent(this.#historyDirectory)).sort();
    const stamps = [...new Set(names.map(stampOf))].filter((stamp) => stamp !== '').sort();
    const old = new Set(stamps.slice(0, -KEPT_UPDATES));
    const outdated = names.filter((name) => old.has(stampOf(name)));
    await Promise.all(outdated.map((name) => rm(join(this.#historyDirectory, name), { force: true })));
  }

  get #historyDirectory(): string {
    return join(this.#root, 'history', this.#id.project, this.#id.stack);
  }

  /** The state after the latest update is in its history, the one before it beside the file. A removed stack leaves neither. */
  async #lastGoodCopy(withHistory: boolean): Promise<string | undefined> {
    const history = withHistory ? await listIfPresent(this.#historyDirectory) : [];
    const copies = history
      .filter((name) => name.endsWith('.checkpoint.json'))
      .sort()
      .reverse();
    const paths = copies.map((name) => join(this.#historyDirectory, name));
    for (const path of [...paths, `${this.statePath}.bak`]) {
      const text = await readIfPresent(path);
      if (text !== undefined && parseState(text) !== undefined) {
        return text;
      }
    }
    return undefined;
  }
}

/** Differs when a file was replaced or written to; undefined when there is none. */
async function versionOf(path: string): Promise<string | undefined> {
  const found = await stat(path, { bigint: true }).catch(absent);
  return found === undefined ? undefined : [found.ino, found.size, found.mtimeNs, found.ctimeNs].join(' ');
}

/** The time in a name such as `prodesk-1795511087879930676.checkpoint.json`. */
function stampOf(name: string): string {
  return /-(\d+)\.(?:history|checkpoint)\.json/.exec(name)?.[1] ?? '';
}
