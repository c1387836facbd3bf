import type { DesiredApp, DesiredState } from '../../../src/app/desired-state.js';
import { type ImagePolicy, newestBuild } from '../../../src/app/image-policy.js';
import type { Manifest } from '../../../src/app/manifest.js';
import { syncPolicyOf, type SyncPolicyProps } from '../../../src/app/sync-policy.js';
import type { ErrorCode } from '../../../src/base/errors.js';
import type { AppObservation, Health } from '../../../src/cluster/port.js';
import { decide } from '../../../src/driver/core/decide.js';
import type { Effect } from '../../../src/driver/core/effects.js';
import type { EventBody } from '../../../src/driver/core/events.js';
import { pollKey } from '../../../src/driver/core/followed.js';
import {
  initialState,
  type AppState,
  type DriverSettings,
  type DriverState,
  type Problem,
} from '../../../src/driver/core/state.js';
import { rememberedOf } from '../../../src/driver/memory.js';
import type { ImageBuild } from '../../../src/sources/registry/port.js';

export const IMAGE = 'ghcr.io/acme/web';
/** The key of the polls of the usual image. */
export const POLL = `${IMAGE} linux/amd64`;
export const SIDECAR = 'ghcr.io/acme/proxy';
export const SETTINGS: DriverSettings = {
  gitIntervalMs: 180_000,
  registryIntervalMs: 120_000,
  rolloutGraceMs: 60_000,
  firstImageWaitMs: 30_000,
  pruneLimit: 0.5,
  objectPruneLimit: 0.5,
  batchSize: 50,
};

type RunEffect = Extract<Effect, { type: 'run' }>;

/** What varies between the applications of the tests. */
export interface ApplicationOptions {
  readonly tag?: string;
  /** The tag of a second container; without it there is none. */
  readonly sidecar?: string;
  readonly follows?: boolean;
  readonly allow?: string;
  /** In the place of the usual policy. */
  readonly policy?: ImagePolicy;
  readonly sync?: SyncPolicyProps;
  readonly note?: string;
}

/** An application whose Deployment runs an image, and maybe a second one; with `follows` by a policy for each. */
export function application(name: string, options: ApplicationOptions = {}): DesiredApp {
  const { tag = 'master-0', sidecar, follows = false, allow = '^master-', policy, sync, note = '' } = options;
  const references = sidecar === undefined ? [`${IMAGE}:${tag}`] : [`${IMAGE}:${tag}`, `${SIDECAR}:${sidecar}`];
  const containers = references.map((image, index) => ({ name: `${name}-${index}`, image }));
  const deployment: Manifest = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'default', annotations: { note } },
    spec: { template: { spec: { containers } } },
  };
  const followed = sidecar === undefined ? [IMAGE] : [IMAGE, SIDECAR];
  const usual = follows ? followed.map((image) => newestBuild(image, { allow })) : [];
  const images = policy === undefined ? usual : [policy];
  return { name, namespace: 'default', sync: syncPolicyOf(sync), images, objects: [deployment] };
}

/** The health of an application whose objects are all as deployed. */
export function seen(health: Health, state: 'synced' | 'drifted' | 'missing' = 'synced'): AppObservation {
  const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'x' };
  return { health, objects: [{ ref, state, drift: [], health }] };
}

export const HEALTHY = seen({ status: 'Healthy' });
export const DRIFTED = seen({ status: 'Healthy' }, 'drifted');
export const DEGRADED = seen({ status: 'Degraded', message: 'deadline' });
export const PROGRESSING = seen({ status: 'Progressing' });
export const FAILING = seen({ status: 'Progressing', failing: 'CrashLoopBackOff' });

/** Plays events against the decisions, with a clock that stands still unless told otherwise. */
export class Scenario {
  at = 1_000_000;
  state: DriverState = initialState(SETTINGS);
  /** The effects of the last event. */
  effects: readonly Effect[] = [];

  send(body: EventBody): this {
    const decision = decide(this.state, { ...body, at: this.at, random: 0.5 });
    this.state = decision.state;
    this.effects = decision.effects;
    return this;
  }

  wait(ms: number): this {
    this.at += ms;
    return this.send({ type: 'ticked' });
  }

  start(from?: DriverState): this {
    const remembered = from === undefined ? { apps: {} } : rememberedOf(from);
    const apps = Object.values(from?.apps ?? {}).filter(({ synced }) => synced !== undefined);
    const outputs = {
      images: Object.fromEntries(apps.map(({ name, synced }) => [name, synced?.images ?? {}])),
      fingerprints: Object.fromEntries(apps.map(({ name, synced }) => [name, synced?.objectsFingerprint ?? ''])),
    };
    return this.send({ type: 'started', remembered, overrides: from?.overrides ?? {}, outputs });
  }

  /** A commit with these applications takes force. */
  commit(commit: string, apps: readonly DesiredApp[], more: Partial<DesiredState> = {}): this {
    this.send({ type: 'headSeen', commit });
    const desired: DesiredState = {
      revision: commit,
      apps: Object.fromEntries(apps.map((app) => [app.name, app])),
      disabled: [],
      failed: {},
      ...more,
    };
    const info = { commit, subject: '', author: '', committedAt: 0 };
    return this.send({ type: 'revisionSynthesized', info, desired, secretDigests: {} });
  }

  builds(app: string, ...tags: readonly (readonly [string, number])[]): this {
    return this.buildsOf(IMAGE, app, ...tags);
  }

  buildsOf(image: string, app: string, ...tags: readonly (readonly [string, number])[]): this {
    const builds = tags.map(([tag, createdAt]) => ({ tag, digest: `sha256:${tag}`, createdAt }));
    return this.found(app, this.policyOf(app, image), builds);
  }

  /** The registry answers one application, which asked under a policy. */
  found(app: string, policy: ImagePolicy, builds: readonly ImageBuild[]): this {
    return this.send({
      type: 'buildsListed',
      poll: pollKey(this.state.apps[app]?.definition ?? { name: app, namespace: 'default' }, policy),
      found: [{ app, policy, builds }],
    });
  }

  /** The policy under which an application follows an image; the usual one where it does not. */
  policyOf(app: string, image = IMAGE): ImagePolicy {
    const policies = this.state.apps[app]?.definition?.images ?? [];
    return policies.find((policy) => policy.image === image) ?? newestBuild(image, { allow: '^master-' });
  }

  /** The registry of the usual image fails. */
  registryFails(problem: Problem, retryAfterMs?: number): this {
    const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
    return this.send({ type: 'registryFailed', poll: POLL, problem, ...wait });
  }

  /** The engine's run ends well for all its applications. */
  finish(): this {
    const { id, apps } = this.run();
    const outcomes = apps.map((app) => ({ app, changed: true }));
    return this.send({ type: 'runFinished', run: id, outcomes });
  }

  /** The engine's run fails as a whole. */
  fail(code: ErrorCode = 'engine/failed'): this {
    return this.send({ type: 'runFailed', run: this.run().id, problem: { code, message: 'it failed' } });
  }

  /** The engine's run goes well but for one application. */
  finishBut(name: string): this {
    const { id, apps } = this.run();
    const problem = { code: 'cluster/rejected', message: `${name} failed` } as const;
    const outcomes = apps.map((app) => ({ app, changed: app !== name, ...(app === name && { problem }) }));
    return this.send({ type: 'runFinished', run: id, outcomes });
  }

  sync(app: string, prune = false): this {
    return this.send({ type: 'syncRequested', app, by: 'me', prune });
  }

  observe(app: string, observation: AppObservation): this {
    return this.send({ type: 'observed', app, observation, fresh: true });
  }

  /** One application, deployed and Healthy. */
  settled(app: DesiredApp): this {
    this.start().commit('c1', [app]);
    if (app.images.length > 0) {
      this.builds(app.name, ['master-0', 1]);
    }
    return this.finish().observe(app.name, HEALTHY);
  }

  app(name: string): AppState {
    const app = this.state.apps[name];
    if (app === undefined) {
      throw new Error(`no application ${name}`);
    }
    return app;
  }

  run(): NonNullable<DriverState['run']> {
    if (this.state.run === undefined) {
      throw new Error('no run');
    }
    return this.state.run;
  }

  /** The applications that the last event started a run for. */
  startedApps(): string[] {
    const run = this.started();
    return run === undefined ? [] : [...run.deployment.apps.map(({ name }) => name), ...run.remove].sort();
  }

  /** The run that the last event started, if any. */
  started(): RunEffect | undefined {
    return this.effects.find((effect): effect is RunEffect => effect.type === 'run');
  }
}
