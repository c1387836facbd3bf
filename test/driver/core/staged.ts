import type { DesiredApp, ImageOverrides } from '../../../src/app/desired-state.js';
import { objectsOf } from '../../../src/app/image-overrides.js';
import { newestBuild } from '../../../src/app/image-policy.js';
import { refOf, type Manifest } from '../../../src/app/manifest.js';
import { hookOf, stageOf } from '../../../src/app/stages.js';
import { syncPolicyOf, type SyncPolicyProps } from '../../../src/app/sync-policy.js';
import type { AppObservation, Health, ObjectObservation } from '../../../src/cluster/port.js';
import { IMAGE } from './scenario.js';

/** What is seen of one object: its health, or that it differs. */
export type Sight = Health['status'] | 'drifted' | 'crashing';

function inNamespace(
  kind: string,
  name: string,
  annotations: Readonly<Record<string, string>>,
  image: string,
): Manifest {
  return {
    apiVersion: kind === 'Job' ? 'batch/v1' : 'apps/v1',
    kind,
    metadata: { name, namespace: 'default', annotations },
    spec: { template: { spec: { containers: [{ name: 'main', image }] } } },
  };
}

/** How the application of {@link staged} differs from the usual one. */
export interface StagedOptions {
  readonly note?: string;
  readonly sync?: SyncPolicyProps;
  /** Which of its objects it has. @default - all */
  readonly only?: readonly string[];
}

/** An application with a hook before and one after two waves; the second wave follows an image, and so does the first hook. */
export function staged(name: string, { note = '', sync, only }: StagedOptions = {}): DesiredApp {
  const followed = `${IMAGE}:master-0`;
  const all = [
    inNamespace('Job', 'migrate', { 'prodesk.dev/hook': 'pre-sync' }, followed),
    inNamespace('Deployment', 'db', { note }, 'mysql:8'),
    inNamespace('Deployment', 'web', { 'prodesk.dev/wave': '1' }, followed),
    inNamespace('Job', 'smoke', { 'prodesk.dev/hook': 'post-sync' }, 'curl:8'),
  ];
  const objects = all.filter(({ metadata }) => only?.includes(metadata.name) ?? true);
  const images = [newestBuild(IMAGE, { allow: '^master-' })];
  return { name, namespace: 'default', sync: syncPolicyOf(sync), images, objects };
}

/** What the observer reports of an application: everything Healthy, but what is said by the first part of a name. */
export function sightOf(
  app: DesiredApp,
  overrides: ImageOverrides,
  sights: Readonly<Record<string, Sight>> = {},
): AppObservation {
  const objects = objectsOf(app, overrides).map((object): ObjectObservation => {
    const sight = sights[object.metadata.name.split('-')[0] ?? ''] ?? 'Healthy';
    const [stage, hook] = [stageOf(object), hookOf(object)];
    const state = sight === 'drifted' ? 'drifted' : sight === 'Missing' ? 'missing' : 'synced';
    return {
      ref: refOf(object),
      state,
      drift: [],
      health: healthOf(sight),
      ...(stage !== 0 && { stage }),
      ...(hook && { hook }),
    };
  });
  const lasting = objects.filter(({ hook }) => hook === undefined).map(({ health }) => health);
  return { objects, health: lasting.find(({ status }) => status !== 'Healthy') ?? { status: 'Healthy' } };
}

function healthOf(sight: Sight): Health {
  if (sight === 'crashing') {
    return { status: 'Progressing', failing: 'CrashLoopBackOff' };
  }
  return sight === 'drifted' ? { status: 'Healthy' } : { status: sight };
}
