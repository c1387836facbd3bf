import type { SecretFiles } from '../../app/secret-files.js';
import { StalledError } from '../../base/errors.js';
import type { Workspace } from '../../engine/port.js';
import type { GitSource } from '../../sources/git/port.js';
import type { Synthesizer } from '../../synth/port.js';
import type { AppSource } from '../core/state.js';
import type { EventBody } from '../core/events.js';
import { failureOf } from './problem.js';
import { decryptFiles } from './secret-values.js';
import { digestSecrets } from './synthesize.js';

/** What {@link createRecaller} needs. */
export interface RecallerOptions {
  readonly git: Pick<GitSource, 'checkout'>;
  readonly synthesizer: Pick<Synthesizer, 'synthesize'>;
  readonly workspace: Pick<Workspace, 'settings' | 'secrets'>;
  readonly files: SecretFiles;
  /** Keys the hashes of secret values. */
  readonly digestKey: string;
}

/** Gets what an earlier commit has of one application, under the settings and secrets of today. */
export function createRecaller(options: RecallerOptions) {
  return async (app: string, revision: string, signal: AbortSignal): Promise<EventBody> => {
    try {
      return { type: 'definitionRecalled', app, source: await recall(app, revision, options, signal) };
    } catch (error) {
      return { type: 'recallFailed', app, revision, problem: failureOf(error, 'synth/threw').problem };
    }
  };
}

async function recall(
  app: string,
  revision: string,
  { git, synthesizer, workspace, files, digestKey }: RecallerOptions,
  signal: AbortSignal,
): Promise<AppSource> {
  const { directory, objectIds } = await git.checkout(revision, signal);
  const settings = await workspace.settings();
  const synthesized = await synthesizer.synthesize({ directory, revision, settings, objectIds, signal });
  const wanted = synthesized.apps[app];
  const apps = wanted === undefined ? {} : { [app]: wanted };
  const { desired, values } = await decryptFiles({ ...synthesized, apps }, files);
  const definition = desired.apps[app];
  if (definition === undefined) {
    const why = desired.failed[app]?.message ?? 'it is not there, or switched off';
    throw new StalledError('synth/threw', `commit ${revision.slice(0, 7)} cannot give ${app}: ${why}`);
  }
  const digests = digestSecrets(desired, { ...(await workspace.secrets()), ...values }, digestKey);
  return { definition, revision, secretDigest: digests[app] ?? '' };
}
