import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appUrn, namespaceUrn, objectUrn, providerUrn, type StackId } from '../app/resource-name.js';
import { ProdeskError, StalledError } from '../base/errors.js';
import { connectDaemon } from './daemon-client.js';
import type { LocalDifference } from './local-diff.js';
import { note } from './output.js';

const PROJECT = 'prodesk';

/** What is adopted, and by whom. */
export interface Adoption {
  readonly differences: readonly LocalDifference[];
  /** Every application of the working tree, and not some. */
  readonly isWhole: boolean;
  /** The working tree. */
  readonly directory: string;
  readonly stack: string;
  readonly stateDirectory?: string;
}

/**
 * Lets the daemon sync the applications where one runs, else runs `pulumi up` for them; either adopts objects that are there.
 * @throws StalledError `engine/failed` when it does not succeed
 */
export async function runAdoption(adoption: Adoption): Promise<void> {
  if (!(await syncByDaemon(adoption))) {
    note('no daemon answers; running pulumi up');
    await runPulumi(adoption);
  }
}

async function syncByDaemon({ differences, ...options }: Adoption): Promise<boolean> {
  const daemon = connectDaemon(options);
  try {
    await daemon.status();
  } catch (error) {
    if (error instanceof ProdeskError && error.code === 'daemon/unreachable') {
      return false;
    }
    throw error;
  }
  for (const { app } of differences) {
    const { ok, message } = await daemon.sync(app, { prune: false, retryImages: false, latest: false, wait: true });
    note(ok ? `${app}: adopted` : `${app}: ${message ?? 'failed'}`);
    if (!ok) {
      throw new StalledError('engine/failed', `the daemon could not sync ${app}: ${message ?? 'no reason was given'}`);
    }
  }
  return true;
}

/** What pulumi prints goes to standard error: standard output is the report's. */
async function runPulumi({ differences, isWhole, directory, stack }: Adoption): Promise<void> {
  const targets = isWhole ? [] : targetsOf(differences, { project: PROJECT, stack });
  const args = ['up', '--yes', '--skip-preview', '--non-interactive', '--stack', stack];
  const child = spawn(
    process.env['PRODESK_PULUMI_PROGRAM'] ?? 'pulumi',
    [...args, ...targets.flatMap((urn) => ['--target', urn])],
    {
      cwd: directory,
      env: { ...process.env, PULUMI_K8S_UPSERT_EXISTING_OBJECTS: 'true', PULUMI_SKIP_UPDATE_CHECK: 'true' },
      stdio: ['ignore', 2, 2],
    },
  );
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) {
    throw new StalledError('engine/failed', `pulumi up ended with ${code ?? 'a signal'}; its output says why`);
  }
}

/** Exact names only: a pattern could mean another application's objects. */
export function targetsOf(differences: readonly LocalDifference[], id: StackId): string[] {
  const urns = differences.flatMap(({ app, objects, namespaces }) => [
    ...namespaces.map((namespace) => namespaceUrn(id, namespace)),
    appUrn(id, app),
    ...objects.map(({ ref }) => objectUrn(id, app, ref)),
  ]);
  return [...new Set([providerUrn(id), ...urns])];
}
