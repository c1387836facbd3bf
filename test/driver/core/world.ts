import { expect } from 'vitest';
import type { StackOutputs } from '../../../src/app/deployment.js';
import type { DesiredState, ImageOverrides } from '../../../src/app/desired-state.js';
import { orderOf } from '../../../src/app/image-policy.js';
import { imagesIn } from '../../../src/app/images-in-objects.js';
import { objectsOf } from '../../../src/app/image-overrides.js';
import type { Manifest } from '../../../src/app/manifest.js';
import type { AppObservation } from '../../../src/cluster/port.js';
import { comparedWith } from '../../../src/driver/core/compared-with.js';
import { nextWakeAt } from '../../../src/driver/core/advance.js';
import { decide } from '../../../src/driver/core/decide.js';
import type { Effect } from '../../../src/driver/core/effects.js';
import type { DriverEvent, EventBody } from '../../../src/driver/core/events.js';
import { initialState, type DriverState, type Memory } from '../../../src/driver/core/state.js';
import type { ImageBuild } from '../../../src/sources/registry/port.js';
import { rememberedOf } from '../../../src/driver/memory.js';
import { IMAGE, SETTINGS } from './scenario.js';
import { StagedCluster } from './staged-cluster.js';

const HOUR = 3_600_000;
/** The application that goes in stages. */
export const STAGED = 'h';
type RunEffect = Extract<Effect, { type: 'run' }>;
/** How an effect ends. `part` is a run in which one application fails. */
export type Answer = 'well' | 'badly' | 'part';

/** What runs in the cluster of one application. */
interface Live {
  readonly fingerprint: string;
  readonly tag: string | undefined;
  readonly drifted: boolean;
}

/**
 * Git, a registry, an engine and a cluster, as simple as can be, around the decisions. Effects end when they are told to, in any order, well or badly;
 * the daemon may be killed at any time. What must hold at each step is checked at each step.
 */
export class World {
  at = 1_000_000_000_000;
  state: DriverState = initialState(SETTINGS);
  pending: Effect[] = [];
  readonly events: DriverEvent[] = [];
  readonly effects: Effect[] = [];
  readonly builds: ImageBuild[] = [{ tag: 'master-0', digest: 'sha256:0', createdAt: 1 }];
  readonly brokenTags = new Set<string>();
  readonly live = new Map<string, Live>();
  readonly staged = new StagedCluster();
  head = '';
  readonly #commits = new Map<string, DesiredState>();
  #outputs: StackOutputs = { images: {}, fingerprints: {} };
  #overrides: ImageOverrides = {};
  #memory: Memory = { apps: {} };

  start(): void {
    this.dispatch({ type: 'started', remembered: this.#memory, overrides: this.#overrides, outputs: this.#outputs });
  }

  push(commit: string, desired: DesiredState): void {
    this.#commits.set(commit, desired);
    this.head = commit;
  }

  /** The daemon is killed and started again. What it had in mind is lost, or was saved in time. */
  kill(savedInTime: boolean): void {
    const running = this.pending.find((effect): effect is RunEffect => effect.type === 'run');
    if (running !== undefined && savedInTime) {
      /** What it had written is there, and nobody heard of it. */
      this.#applyStaged(running);
    }
    this.#memory = savedInTime ? rememberedOf(this.state) : this.#memory;
    this.pending = [];
    this.state = initialState(SETTINGS);
    this.start();
  }

  /** Ends one of the effects that run. */
  answer(index: number, how: Answer): void {
    const [effect] = this.pending.splice(index % Math.max(this.pending.length, 1), 1);
    const event = effect && this.#eventOf(effect, how);
    if (event !== undefined) {
      this.dispatch(event);
    }
  }

  drift(app: string): void {
    const live = this.live.get(app);
    if (live !== undefined) {
      this.live.set(app, { ...live, drifted: true });
      this.staged.meddle(app === STAGED ? 'drift' : 'delete hooks');
      this.#show(app);
      this.#show(STAGED);
    }
  }

  /** The hooks that run end. Gives whether any did. */
  endHooks(end: 'done' | 'failed'): boolean {
    const any = this.staged.endHooks(end);
    this.#show(STAGED);
    return any;
  }

  #show(app: string): void {
    if (this.state.apps[app] !== undefined) {
      this.dispatch({ type: 'observed', app, observation: this.#observe(app), fresh: false });
    }
  }

  pause(app: string | undefined, forMs: number | undefined): void {
    const who = { ...(app !== undefined && { app }), ...(forMs !== undefined && { forMs }) };
    this.dispatch({ type: 'pauseRequested', by: 'me', ...who });
  }

  resume(app: string | undefined): void {
    this.dispatch({ type: 'resumeRequested', by: 'me', ...(app !== undefined && { app }) });
  }

  /** Whatever persons and faults held is let go. */
  relent(apps: readonly string[]): void {
    this.dispatch({ type: 'clusterSeen', reachable: true });
    [undefined, ...apps].forEach((app) => this.resume(app));
    apps.forEach((app) => this.dispatch({ type: 'unpinRequested', app, by: 'me' }));
  }

  rollBack(app: string, revision: string | undefined, tag: string | undefined): void {
    const images: Record<string, string> = tag === undefined ? {} : { [IMAGE]: tag };
    const goal = { images, ...(revision !== undefined && { revision }) };
    this.dispatch({ type: 'rollbackRequested', app, by: 'me', prune: false, ...goal });
  }

  wait(ms: number): void {
    this.at += ms;
    this.dispatch({ type: 'ticked' });
  }

  /** The machine's clock is turned, as the loop notices it. */
  turnClock(byMs: number): void {
    this.at += byMs;
    this.dispatch({ type: 'clockTurned', byMs });
  }

  dispatch(body: EventBody): void {
    const event = { ...body, at: this.at, random: 0.5 };
    const before = this.state;
    const { state, effects } = decide(before, event);
    this.events.push(event);
    this.effects.push(...effects);
    this.state = state;
    effects.forEach((effect) => this.#begin(effect));
    checkOverrides(before, state, event);
    expect(nextWakeAt(state, this.at)).toBeGreaterThan(this.at);
  }

  /** Lets time pass without faults, waking the daemon up only when it wants to be. Gives how often that was. */
  calm(ms: number): number {
    const end = this.at + ms;
    for (let wakes = 0; ; wakes += 1) {
      for (let answers = 0; this.pending.length > 0; answers += 1) {
        expect(answers).toBeLessThan(500);
        this.answer(0, 'well');
      }
      if (this.endHooks('done')) {
        continue;
      }
      const wakeAt = nextWakeAt(this.state, this.at);
      if (wakeAt > end) {
        return wakes;
      }
      this.at = wakeAt;
      this.dispatch({ type: 'ticked' });
    }
  }

  #begin(effect: Effect): void {
    if (effect.type === 'run') {
      expect(this.pending.some(({ type }) => type === 'run')).toBe(false);
      this.#checkRun(effect);
      this.#overrides = effect.overrides;
      this.#memory = rememberedOf(this.state);
    }
    if (effect.type !== 'record' && effect.type !== 'audit' && effect.type !== 'watch' && effect.type !== 'forget') {
      expect(effect.type === 'refresh' || effect.type === 'recall' ? [] : this.pending).not.toContainEqual(effect);
      this.pending.push(effect);
    }
  }

  #checkRun({ deployment, remove }: RunEffect): void {
    const inForce = this.#commits.get(this.state.revision?.commit ?? '');
    const written = [...deployment.apps.map(({ name }) => name), ...remove];
    expect(this.state.paused).toBeUndefined();
    expect(written.filter((name) => this.state.apps[name]?.paused !== undefined)).toEqual([]);
    for (const name of remove) {
      const { removal, policy, operation } = this.state.apps[name] ?? {};
      expect(Object.keys({ ...inForce?.apps, ...inForce?.failed })).not.toContain(name);
      const mayGo = removal?.held === false && policy?.automated === true;
      expect(mayGo || operation?.requested?.prune).toBe(true);
    }
    for (const { name } of deployment.apps) {
      const { pin, definition, target, operation, progress, waitsFor, window } = this.state.apps[name] ?? {};
      const isContinued = progress !== undefined && progress.startedAt < (operation?.startedAt ?? 0);
      const isUrgent = operation?.requested !== undefined || operation?.kind === 'rollback' || isContinued;
      expect(isUrgent || operation?.kind === 'heal' || waitsFor === undefined).toBe(true);
      expect(isUrgent || window?.open !== false).toBe(true);
      expect(isUrgent || window === undefined || this.at % HOUR < HOUR / 2).toBe(true);
      expect(pin?.kept === undefined || pin.kept.definition === definition).toBe(true);
      expect(target?.images).toMatchObject(definition?.images.length === 0 ? {} : (pin?.images ?? {}));
      const { policy } = this.state.apps[name] ?? {};
      expect(policy?.automated === true || operation?.requested !== undefined).toBe(true);
      expect(inForce?.disabled ?? []).not.toContain(name);
    }
    const known = Object.values(this.state.apps).filter(({ synced }) => synced !== undefined);
    const inOutputs = Object.keys(deployment.fingerprints);
    expect(known.map(({ name }) => name).filter((name) => !inOutputs.includes(name) && !remove.includes(name))).toEqual(
      [],
    );
  }

  #eventOf(effect: Effect, how: Answer): EventBody | undefined {
    const problem = { code: 'cluster/unreachable', message: 'it failed' } as const;
    const isWell = how === 'well';
    switch (effect.type) {
      case 'pollGit':
        return isWell ? { type: 'headSeen', commit: this.head } : { type: 'gitFailed', problem };
      case 'synthesize':
        return this.#synthesized(effect.commit, isWell);
      case 'recall':
        return this.#recalled(effect, isWell);
      case 'listBuilds': {
        const { poll, followers } = effect;
        const found = followers.map((follower) => ({
          ...follower,
          builds: this.builds.filter(({ tag }) => orderOf(follower.policy).accepts(tag)),
        }));
        return isWell
          ? { type: 'buildsListed', poll, found }
          : { type: 'registryFailed', poll, problem, retryAfterMs: 90_000 };
      }
      case 'refresh':
        return isWell
          ? { type: 'observed', app: effect.app, observation: this.#observe(effect.app), fresh: true }
          : { type: 'lookFailed', app: effect.app, problem };
      case 'run':
        return this.#ran(effect, how);
      case 'watch':
      case 'forget':
      case 'record':
      case 'audit':
        return undefined;
    }
  }

  #recalled({ app, revision }: Extract<Effect, { type: 'recall' }>, isWell: boolean): EventBody {
    const definition = this.#commits.get(revision)?.apps[app];
    return isWell && definition !== undefined
      ? { type: 'definitionRecalled', app, source: { definition, revision, secretDigest: '' } }
      : { type: 'recallFailed', app, revision, problem: { code: 'git/unreachable', message: '' } };
  }

  #synthesized(commit: string, isWell: boolean): EventBody {
    const desired = this.#commits.get(commit);
    return isWell && desired !== undefined
      ? {
          type: 'revisionSynthesized',
          info: { commit, subject: '', author: '', committedAt: 0 },
          desired,
          secretDigests: {},
        }
      : { type: 'revisionRejected', commit, transient: true, problem: { code: 'git/unreachable', message: '' } };
  }

  /** A run that fails in part still writes its outputs, as the program does. */
  #ran({ run, deployment, remove }: RunEffect, how: Answer): EventBody {
    if (how === 'badly') {
      return { type: 'runFailed', run, problem: { code: 'engine/failed', message: 'it failed' } };
    }
    const [failing] = how === 'part' ? [...deployment.apps.map(({ name }) => name), ...remove] : [];
    this.#outputs = deployment;
    for (const { name } of deployment.apps.filter((app) => app.name !== failing)) {
      const tag = deployment.images[name]?.[IMAGE];
      this.live.set(name, { fingerprint: deployment.fingerprints[name] ?? '', tag, drifted: false });
    }
    remove.filter((name) => name !== failing).forEach((name) => this.live.delete(name));
    this.#applyStaged({ deployment, remove }, failing);
    const outcomes = [...deployment.apps.map(({ name }) => name), ...remove].map((app) => ({
      app,
      changed: true,
      ...(app === failing && { problem: { code: 'cluster/rejected', message: 'it failed' } as const }),
    }));
    return { type: 'runFinished', run, outcomes };
  }

  #applyStaged({ deployment, remove }: Pick<RunEffect, 'deployment' | 'remove'>, failing?: string): void {
    const app = deployment.apps.find(({ name }) => name === STAGED);
    const operation = this.state.apps[STAGED]?.operation;
    if (app !== undefined && failing !== STAGED) {
      this.staged.apply(app, operation?.stage !== undefined, operation?.requested !== undefined);
    }
    if (remove.includes(STAGED) && failing !== STAGED) {
      this.staged.clear();
    }
  }

  #observe(app: string): AppObservation {
    const compared = app === STAGED ? comparedWith(this.state, app) : undefined;
    if (compared !== undefined) {
      const objects = objectsOf(compared.definition, compared.overrides);
      const isBroken = (object: Manifest): boolean =>
        [...this.brokenTags].some((tag) => imagesIn([object]).includes(`${IMAGE}:${tag}`));
      return this.staged.observe(objects, isBroken);
    }
    const live = this.live.get(app);
    const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: app };
    if (live === undefined) {
      const health = { status: 'Missing' } as const;
      return { health, objects: [{ ref, state: 'missing', drift: [], health }] };
    }
    const isBroken = live.tag !== undefined && this.brokenTags.has(live.tag);
    const health = isBroken
      ? ({ status: 'Progressing', failing: 'CrashLoopBackOff' } as const)
      : ({ status: 'Healthy' } as const);
    return { health, objects: [{ ref, state: live.drifted ? 'drifted' : 'synced', drift: [], health }] };
  }
}

/** Image tags come from the registry, from a rollback, or from what is deployed; they go only with their application. */
function checkOverrides(before: DriverState, after: DriverState, event: DriverEvent): void {
  if (event.type === 'started') {
    return;
  }
  for (const [name, tags] of Object.entries({ ...before.overrides, ...after.overrides })) {
    const [was, is] = [before.overrides[name]?.[IMAGE], after.overrides[name]?.[IMAGE]];
    const app = before.apps[name];
    if (is === undefined && tags[IMAGE] !== undefined) {
      expect(after.apps[name]).toBeUndefined();
    } else if (is !== was && is !== undefined) {
      const listed =
        event.type === 'buildsListed' ? event.found.flatMap(({ builds }) => builds.map(({ tag }) => tag)) : [];
      const bad = app?.badImages.map(({ tag }) => tag) ?? [];
      const sources = [...listed.filter((tag) => !bad.includes(tag)), app?.lastHealthy?.images[IMAGE]];
      const asked = [event.type === 'rollbackRequested' ? event.images[IMAGE] : app?.recall?.images[IMAGE]];
      const released = [app?.pin?.newer[IMAGE]];
      const deployed = event.type === 'revisionSynthesized' ? [app?.synced?.images[IMAGE]] : [];
      expect([...sources, ...deployed, ...asked, ...released]).toContain(is);
    }
  }
}
