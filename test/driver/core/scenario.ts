import type { DesiredApp, DesiredState } from '../../../src/app/desired-state.js';
import { newestBuild } from '../../../src/app/image-policy.js';
import type { Manifest } from '../../../src/app/manifest.js';
import { syncPolicyOf, type SyncPolicyProps } from '../../../src/app/sync-policy.js';
import type { AppObservation, Health } from '../../../src/cluster/port.js';
import { decide } from '../../../src/driver/core/decide.js';
import type { Effect } from '../../../src/driver/core/effects.js';
import type { EventBody } from '../../../src/driver/core/events.js';
import { initialState, type AppState, type DriverSettings, type DriverState } from '../../../src/driver/core/state.js';
import { rememberedOf } from '../../../src/driver/memory.js';

export const IMAGE = 'ghcr.io/acme/web';
export const SETTINGS: DriverSettings = {
  gitIntervalMs: 180_000,
  registryIntervalMs: 120_000,
  rolloutGraceMs: 60_000,
  firstImageWaitMs: 30_000,
  pruneLimit: 0.5,
  batchSize: 50,
};

type RunEffect = Extract<Effect, { type: 'run' }>;

/** An application whose Deployment runs an image; with `follows` by a policy. */
export function application(
  name: string,
  options: {
    readonly tag?: string;
    readonly follows?: boolean;
    readonly sync?: SyncPolicyProps;
    readonly note?: string;
  } = {},
): DesiredApp {
  const { tag = 'master-0', follows = false, sync, note = '' } = options;
  const container = { name, image: `${IMAGE}:${tag}` };
  const deployment: Manifest = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'default', annotations: { note } },
    spec: { template: { spec: { containers: [container] } } },
  };
  const images = follows ? [newestBuild(IMAGE, { allow: '^master-' })] : [];
  return { name, namespace: 'default', sync: syncPolicyOf(sync), images, objects: [deployment] };
}

/** The health of an application whose objects are all as deployed. */
export function seen(health: Health, state: 'synced' | 'drifted' | 'missing' = 'synced'): AppObservation {
  const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'x' };
  return { health, objects: [{ ref, state, drift: [], health }] };
}

export const HEALTHY = seen({ status: 'Healthy' });
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
    const remembered = from === undefined ? {} : rememberedOf(from);
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
    const builds = tags.map(([tag, createdAt]) => ({ tag, digest: `sha256:${tag}`, createdAt }));
    return this.send({ type: 'buildsListed', app, image: IMAGE, builds });
  }

  /** The engine's run ends well for all its applications. */
  finish(): this {
    const { id, apps } = this.run();
    const outcomes = apps.map((app) => ({ app, changed: true }));
    return this.send({ type: 'runFinished', run: id, outcomes });
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

  /** The run that the last event started, if any. */
  started(): RunEffect | undefined {
    return this.effects.find((effect): effect is RunEffect => effect.type === 'run');
  }
}
