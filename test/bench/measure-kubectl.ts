import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NAMESPACE, objectsOf, type AppVersion } from './generated-apps.js';
import { runMeasured, type CommandCost } from './run-measured.js';
import type { BenchStage } from './stage.js';
import { measureOf, type Measure } from './statistics.js';

const FIRST_NAMESPACE = 'bench-kubectl';

/** What `kubectl apply --server-side` needs: the floor, because it remembers and compares nothing. */
export interface KubectlMeasures {
  readonly change: Measure;
  readonly first: Measure;
}

/** Applies the five manifests of a changed application, and all manifests to an empty namespace; nothing when there is no kubectl. */
export async function measureKubectl(stage: BenchStage, runs: number): Promise<KubectlMeasures | undefined> {
  const options = { cwd: stage.directory, env: stage.env };
  const found = await runMeasured('kubectl', ['version', '--client'], options).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') {
      return undefined;
    }
    throw error;
  });
  if (found === undefined) {
    return undefined;
  }
  const apply = async (versions: readonly AppVersion[], namespace: string): Promise<CommandCost> => {
    const file = join(stage.directory, 'manifests.json');
    const items = versions.flatMap((version) => objectsOf(version, namespace));
    await writeFile(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    return runMeasured('kubectl', ['apply', '--server-side', '--force-conflicts', '-f', file], options);
  };
  const changes: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const index = 1 + (run % (stage.apps - 1));
    const { ms } = await apply([{ index, value: `kubectl-${run}` }], NAMESPACE);
    changes.push(ms);
  }
  await stage.api.call({ method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name: FIRST_NAMESPACE } } });
  const all = Array.from({ length: stage.apps }, (_, index) => ({ index, value: 'initial' }));
  const first = await apply(all, FIRST_NAMESPACE);
  return {
    change: measureOf('kubectl apply: a changed application', 'ms', changes),
    first: measureOf('kubectl apply: everything, first', 'ms', [first.ms]),
  };
}
