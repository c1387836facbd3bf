import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { ImageOverrides, StackSettings } from '../app/desired-state.js';
import type { StackId } from '../app/resource-name.js';
import { canonicalJson } from '../app/canonical-json.js';
import { StalledError, type ProdeskError } from '../base/errors.js';
import type { Logger } from '../base/logger.js';
import { writeAtomically } from './atomic-write.js';
import type { ProjectFiles, Workspace } from './port.js';
import { engineProject } from './project-file.js';
import type { PulumiCommand } from './pulumi-command.js';
import { readIfPresent } from './read-if-present.js';
import { StackSettingsFile } from './stack-settings.js';

const shownConfig = z.record(z.string(), z.object({ value: z.string().optional(), secret: z.boolean().optional() }));

/** Options of {@link createWorkspace}. */
export interface CreateWorkspaceOptions {
  /** The folder; it is created when missing. */
  readonly directory: string;
  readonly id: StackId;
  readonly pulumi: PulumiCommand;
  readonly logger: Logger;
}

/** The settings folder of one stack. */
export function createWorkspace(options: CreateWorkspaceOptions): Workspace {
  return new FileWorkspace(options);
}

class FileWorkspace implements Workspace {
  readonly #options: CreateWorkspaceOptions;
  readonly #project: string;
  readonly #stack: string;
  readonly #stackName: string;
  #secrets: { readonly hash: string; readonly values: Readonly<Record<string, string>> } | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: CreateWorkspaceOptions) {
    this.#options = options;
    this.#stackName = `Pulumi.${options.id.stack}.yaml`;
    this.#project = join(options.directory, 'Pulumi.yaml');
    this.#stack = join(options.directory, this.#stackName);
  }

  useProject(files: ProjectFiles): Promise<void> {
    return this.#queue(async () => {
      const project = engineProject(files.project, this.#options.id);
      const fromGit = files.stack === undefined ? undefined : new StackSettingsFile(files.stack, this.#stackName);
      const local = await this.#local();
      await mkdir(this.#options.directory, { recursive: true, mode: 0o700 });
      await this.#write(this.#project, project);
      if (fromGit !== undefined) {
        await this.#writeStack(fromGit.takingOver(local));
      }
    });
  }

  settings(): Promise<StackSettings> {
    return this.#queue(async () => (await this.#local()).settings());
  }

  overrides(): Promise<ImageOverrides> {
    return this.#queue(async () => (await this.#local()).overrides());
  }

  setOverrides(overrides: ImageOverrides): Promise<void> {
    return this.#queue(async () => {
      const local = await this.#local();
      if (canonicalJson(local.overrides()) === canonicalJson(overrides)) {
        return;
      }
      await mkdir(this.#options.directory, { recursive: true, mode: 0o700 });
      await this.#writeStack(local.withOverrides(overrides));
    });
  }

  secrets(): Promise<Readonly<Record<string, string>>> {
    return this.#queue(async () => {
      const local = await this.#local();
      const { secretKeys } = local.settings();
      if (secretKeys.length === 0) {
        return {};
      }
      const hash = createHash('sha256').update(local.withOverrides({})).digest('hex');
      if (this.#secrets?.hash !== hash) {
        this.#secrets = { hash, values: await this.#decrypt(secretKeys) };
      }
      return this.#secrets.values;
    });
  }

  async #decrypt(keys: readonly string[]): Promise<Readonly<Record<string, string>>> {
    const { pulumi, id } = this.#options;
    const show = (): Promise<string> => pulumi(['config', '--show-secrets', '--json', '--stack', id.stack]);
    const text = await show().catch(async (error: ProdeskError) => {
      if (!error.message.includes('no stack named')) {
        throw error;
      }
      await pulumi(['stack', 'init', id.stack]);
      return show();
    });
    const shown = shownConfig.safeParse(JSON.parse(text));
    if (!shown.success) {
      throw new StalledError('engine/failed', 'pulumi config --json gave an unknown form; update prodesk');
    }
    return Object.fromEntries(
      keys.flatMap((key) => {
        const value = shown.data[`prodesk:${key}`]?.value;
        return value === undefined ? [] : [[key, value]];
      }),
    );
  }

  /** The local stack file; where it is unreadable, as after a disk error, its last good copy. */
  async #local(): Promise<StackSettingsFile> {
    const backup = `${this.#stack}.bak`;
    const [text, copy] = await Promise.all([readIfPresent(this.#stack), readIfPresent(backup)]);
    try {
      if (text !== undefined && (text.trim() !== '' || copy === undefined)) {
        return new StackSettingsFile(text, this.#stackName);
      }
    } catch (error) {
      if (copy === undefined) {
        throw error;
      }
    }
    if (copy === undefined) {
      return new StackSettingsFile('', this.#stackName);
    }
    const restored = new StackSettingsFile(copy, `${this.#stackName}.bak`);
    this.#options.logger.warn('the stack settings were unreadable and are restored from their copy', {
      file: this.#stackName,
    });
    await writeAtomically(this.#stack, copy);
    return restored;
  }

  async #writeStack(text: string): Promise<void> {
    await this.#write(this.#stack, text);
    await this.#write(`${this.#stack}.bak`, text);
  }

  async #write(path: string, text: string): Promise<void> {
    if ((await readIfPresent(path)) !== text) {
      await writeAtomically(path, text);
    }
  }

  #queue<T>(call: () => Promise<T>): Promise<T> {
    const result = this.#last.then(call);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
