import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { InForce } from '../../app/checks/in-force.js';
import type { DesiredApp, DesiredState } from '../../app/desired-state.js';
import type { SecretFiles } from '../../app/secret-files.js';
import { secretKeysIn } from '../../app/secret-marker.js';
import { ProdeskError } from '../../base/errors.js';
import type { ProjectFiles, Workspace } from '../../engine/port.js';
import type { GitSource } from '../../sources/git/port.js';
import type { Synthesizer } from '../../synth/port.js';
import type { EventBody } from '../core/events.js';
import { failureOf } from './problem.js';
import { decryptFiles } from './secret-values.js';

/** What {@link createRevisionTaker} needs. */
export interface RevisionTakerOptions {
  readonly git: GitSource;
  readonly synthesizer: Synthesizer;
  readonly workspace: Workspace;
  readonly files: SecretFiles;
  readonly stack: string;
  /** Keys the hashes of secret values; never leaves the process. */
  readonly digestKey: string;
}

/** What counts beside the commit that is taken. */
export interface RevisionContext {
  readonly inForce: InForce;
  /** Definitions of earlier commits that stay in force. */
  readonly pinned: readonly DesiredApp[];
}

/** Takes commits over: files, settings, desired state. A commit that cannot be taken leaves the settings of the last good one. */
export function createRevisionTaker(options: RevisionTakerOptions) {
  const { git, synthesizer, workspace, files: secretFiles, stack, digestKey } = options;
  let good: ProjectFiles | undefined;

  return async (commit: string, signal: AbortSignal, { inForce, pinned }: RevisionContext): Promise<EventBody> => {
    try {
      const { directory, info, objectIds } = await git.checkout(commit, signal);
      const files = await readProjectFiles(directory, stack);
      await workspace.useProject(files);
      const settings = await workspace.settings();
      const request = { directory, revision: commit, settings, objectIds, signal, inForce };
      const { desired, values } = await decryptFiles(await synthesizer.synthesize(request), secretFiles);
      const secrets = await workspace.secrets();
      const secretDigests = digestSecrets(desired, { ...secrets, ...values }, digestKey);
      const kept = await decryptFiles(stateOf(commit, pinned), secretFiles);
      const pinnedDigests = digestSecrets(kept.desired, { ...secrets, ...kept.values }, digestKey);
      good = files;
      const digests = { secretDigests, ...(pinned.length > 0 && { pinnedDigests }) };
      return { type: 'revisionSynthesized', info, desired, ...digests };
    } catch (error) {
      const transient = error instanceof ProdeskError && error.disposition === 'retry';
      const failure = failureOf(error, 'synth/threw');
      const isRestored = await restore(workspace, good);
      return { type: 'revisionRejected', commit, transient: transient || !isRestored, ...failure };
    }
  };
}

/** Puts the settings of the last good commit back; false when that failed, too, and the commit is to be tried again. */
async function restore(workspace: Workspace, good: ProjectFiles | undefined): Promise<boolean> {
  try {
    if (good !== undefined) {
      await workspace.useProject(good);
    }
    return true;
  } catch (error) {
    if (error instanceof ProdeskError) {
      return false;
    }
    throw error;
  }
}

/** Per application, a keyed hash of the values of the secrets that it uses; empty text when it uses none. */
export function digestSecrets(
  { apps }: Pick<DesiredState, 'apps'>,
  secrets: Readonly<Record<string, string>>,
  digestKey: string,
): Record<string, string> {
  return Object.fromEntries(
    Object.values(apps).map((app) => {
      const keys = secretKeysIn(app.objects);
      const hash = createHmac('sha256', digestKey).update(
        JSON.stringify(keys.map((key) => [key, secrets[key] ?? null])),
      );
      return [app.name, keys.length === 0 ? '' : hash.digest('hex').slice(0, 12)];
    }),
  );
}

/** Applications as a revision of their own. */
function stateOf(revision: string, apps: readonly DesiredApp[]): DesiredState {
  return { revision, apps: Object.fromEntries(apps.map((app) => [app.name, app])), disabled: [], failed: {} };
}

async function readProjectFiles(directory: string, stack: string): Promise<ProjectFiles> {
  const project = await readFile(join(directory, 'Pulumi.yaml'), 'utf8');
  const stackText = await readFile(join(directory, `Pulumi.${stack}.yaml`), 'utf8').catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') {
        return undefined;
      }
      throw error;
    },
  );
  return stackText === undefined ? { project } : { project, stack: stackText };
}
