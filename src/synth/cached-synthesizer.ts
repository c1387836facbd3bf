import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '../app/canonical-json.js';
import type { DesiredState } from '../app/desired-state.js';
import { diskErrorOf } from '../base/disk-error.js';
import { keepNewest } from './keep-newest.js';
import type { SynthRequest, Synthesizer } from './port.js';
import { desiredStateSchema } from './schema.js';

const WORKING_TREE = 'working-tree';
const KEPT_IN_MEMORY = 2;
const KEPT_ON_DISK = 50;
/** Changes when a file would be read that says less than one written now. */
const FORMAT = 2;

/**
 * Remembers what each commit wants with given settings, in memory and on disk. Secrets are markers in it. A working tree
 * is never remembered, and failures not over a restart: a slow machine may be their reason.
 */
export class CachedSynthesizer implements Synthesizer {
  readonly #inner: Synthesizer;
  readonly #directory: string;
  readonly #memory = new Map<string, DesiredState>();

  /** @param directory a folder of its own */
  constructor(inner: Synthesizer, directory: string) {
    this.#inner = inner;
    this.#directory = directory;
  }

  async synthesize(request: SynthRequest): Promise<DesiredState> {
    if (request.revision === WORKING_TREE) {
      return this.#inner.synthesize(request);
    }
    const key = cacheKeyOf(request);
    const known = this.#memory.get(key) ?? (await this.#read(key));
    const state = known ?? (await this.#inner.synthesize(request));
    if (known === undefined && Object.keys(state.failed).length === 0) {
      await this.#write(key, state);
    }
    this.#remember(key, state);
    return state;
  }

  #remember(key: string, state: DesiredState): void {
    this.#memory.delete(key);
    this.#memory.set(key, state);
    const [oldest] = this.#memory.keys();
    if (oldest !== undefined && this.#memory.size > KEPT_IN_MEMORY) {
      this.#memory.delete(oldest);
    }
  }

  async #read(key: string): Promise<DesiredState | undefined> {
    const text = await readFile(this.#fileOf(key), 'utf8').catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
        return undefined;
      }
      throw error;
    });
    return text === undefined ? undefined : parseState(text);
  }

  /** A full disk only makes the next start slower. */
  async #write(key: string, state: DesiredState): Promise<void> {
    const draft = `${this.#fileOf(key)}.${process.pid}`;
    try {
      await mkdir(this.#directory, { recursive: true });
      await writeFile(draft, JSON.stringify(state));
      await rename(draft, this.#fileOf(key));
      await keepNewest(this.#directory, KEPT_ON_DISK, (name) => name.endsWith('.json'));
    } catch (error) {
      await rm(draft, { force: true }).catch(() => undefined);
      if (diskErrorOf(error, 'keep a revision') === undefined) {
        throw error;
      }
    }
  }

  #fileOf(key: string): string {
    return join(this.#directory, `${key}.json`);
  }
}

/** Changes with the commit, with any plain setting, and with the set of secret keys. */
export function cacheKeyOf({ revision, settings }: Pick<SynthRequest, 'revision' | 'settings'>): string {
  const secretKeys = [...settings.secretKeys].sort();
  const text = canonicalJson({ format: FORMAT, revision, settings: settings.settings, secretKeys });
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** A file that is damaged, or of another version of this program, is as good as none. */
function parseState(text: string): DesiredState | undefined {
  try {
    return desiredStateSchema.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (error instanceof SyntaxError) {
      return undefined;
    }
    throw error;
  }
}
