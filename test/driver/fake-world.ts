import { copyFileSync, existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import type { DeployApp, StackOutputs } from '../../src/app/deployment.js';
import type { DesiredApp, ImageOverrides } from '../../src/app/desired-state.js';
import { keyOf, refOf, type Manifest } from '../../src/app/manifest.js';
import { objectUrn } from '../../src/app/resource-name.js';
import { silentLogger } from '../../src/base/logger.js';
import type { AppObservation, ObjectObservation } from '../../src/cluster/port.js';
import { startDaemon, type Daemon } from '../../src/driver/daemon.js';
import type { DiskWatch } from '../../src/driver/disk-watch.js';
import type { History, NumberedEntry } from '../../src/driver/history.js';
import { readMemory, rememberedOf } from '../../src/driver/memory.js';
import type { DriverPorts } from '../../src/driver/ports.js';
import type { ResourceChange, UpdateRequest, UpdateResult } from '../../src/engine/port.js';
import { FakeClock, settle } from '../cluster/fake-clock.js';
import { SETTINGS } from './core/scenario.js';

const STACK = { project: 'prodesk', stack: 'prodesk' };
const HEALTHY = { status: 'Healthy' } as const;
const MISSING = { status: 'Missing' } as const;

/** What survives a killed daemon: the remote, the registry, the stack's backend, the workspace and the cluster. */
export class FakeWorld {
  readonly clock = new FakeClock();
  /** By object key, as applied. */
  readonly cluster = new Map<string, Manifest>();
  readonly history: NumberedEntry[] = [];
  readonly builds = new Map<string, { tag: string; createdAt: number }[]>();
  /** Images whose pods never come up, as `image:tag`. */
  readonly broken = new Set<string>();
  /** Everything that went wrong with the order of things; stays empty. */
  readonly violations: string[] = [];
  /** How many engine runs began. */
  runs = 0;
  overrides: ImageOverrides = {};
  daemon: Daemon | undefined;
  /** Makes the next calls of a port fail. */
  readonly failing = new Map<'git' | 'registry' | 'engine' | 'workspace' | 'disk', Error>();
  readonly directory: string;
  /** In the place of a history in memory. */
  realHistory: History | undefined;
  /** In the place of a disk that is always well. */
  realDisk: DiskWatch | undefined;
  #commits: readonly (readonly DesiredApp[])[] = [[]];
  #outputs: StackOutputs = { images: {}, fingerprints: {} };
  /** The objects that the stack's state knows, by application. */
  #state = new Map<string, Map<string, Manifest>>();
  #generation = 0;
  #updating = false;
  #notify: (app: string) => void = () => undefined;

  /** @param folder where the daemon remembers @default - the machine's memory */
  constructor(folder = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()) {
    this.directory = mkdtempSync(join(folder, 'fake-world-'));
    writeFileSync(join(this.directory, 'Pulumi.yaml'), 'name: prodesk\n');
  }

  /** Pushes a commit with these applications. */
  push(apps: readonly DesiredApp[]): void {
    this.#commits = [...this.#commits, apps];
  }

  get head(): string {
    return `c${this.#commits.length - 1}`;
  }

  get wanted(): readonly DesiredApp[] {
    return this.#commits.at(-1) ?? [];
  }

  pushImage(image: string, tag: string): void {
    const earlier = this.builds.get(image) ?? [];
    this.builds.set(image, [...earlier, { tag, createdAt: this.clock.now() + earlier.length }]);
  }

  /** Somebody changes or deletes a live object. */
  disturb(key: string, change: (live: Manifest) => Manifest | undefined): void {
    const live = this.cluster.get(key);
    const changed = live && change(live);
    if (changed === undefined) {
      this.cluster.delete(key);
    } else {
      this.cluster.set(key, changed);
    }
    this.#watchers();
  }

  async boot(): Promise<Daemon> {
    const generation = this.#generation;
    const memoryFile = this.#memoryFile(generation);
    this.#updating = false;
    const ports = this.#ports(() => generation === this.#generation);
    this.daemon = await startDaemon({
      ports,
      settings: SETTINGS,
      stack: 'prodesk',
      memoryFile,
      digestKey: 'key',
      pullSecretNamespaces: [],
    });
    return this.daemon;
  }

  /** As SIGKILL: nothing that the daemon began goes on. */
  kill(): void {
    this.#generation += 1;
    this.daemon = undefined;
    this.#notify = () => undefined;
    /** Files of its own, as writes of the dead process that the disk still holds must not reach the next one. */
    for (const version of ['', '.bak']) {
      const [kept, next] = [this.#generation - 1, this.#generation].map((of) => this.#memoryFile(of) + version);
      copyIfThere(kept ?? '', next ?? '');
    }
  }

  /** Lets time pass in steps; what begins in one ends before the next. */
  async pass(ms: number, steps = 10): Promise<void> {
    for (let step = 0; step < steps; step += 1) {
      await this.clock.advance(ms / steps);
      await this.daemon?.loop.idle();
    }
  }

  /** Lets promises go on without time passing, so many steps of what runs. */
  async breathe(turns: number): Promise<void> {
    for (let turn = 0; turn < turns; turn += 1) {
      await settle();
    }
  }

  /** Resolves when a restart would bring back all that the daemon knows now. */
  async remembered(): Promise<void> {
    const state = this.daemon?.loop.state();
    const known = state && JSON.stringify(rememberedOf(state));
    await vi.waitFor(async () => {
      const { memory } = await readMemory(this.#memoryFile(this.#generation));
      expect(JSON.parse(JSON.stringify(memory))).toEqual(known && JSON.parse(known));
    });
  }

  async remove(): Promise<void> {
    await this.daemon?.stop(0);
    this.kill();
    await rm(this.directory, { recursive: true, force: true, maxRetries: 5 });
  }

  #memoryFile(generation: number): string {
    return join(this.directory, `memory-${generation}.json`);
  }

  #watchers(): void {
    for (const { name } of this.#commits.flat()) {
      this.#notify(name);
    }
  }

  #ports(isAlive: () => boolean): DriverPorts {
    /** A step of a port; a dead daemon's calls never end. */
    const step = async (port?: 'git' | 'registry' | 'engine' | 'workspace' | 'disk'): Promise<void> => {
      await settle();
      if (!isAlive()) {
        await new Promise(() => undefined);
      }
      const error = port && this.failing.get(port);
      if (error !== undefined) {
        throw error;
      }
    };
    const desired = new Map<string, readonly Manifest[]>();
    return {
      git: {
        head: async () => {
          await step('git');
          return this.head;
        },
        checkout: async (commit) => {
          await step('git');
          const info = { commit, subject: 's', author: 'a', committedAt: 0 };
          return { directory: this.directory, info, objectIds: {} };
        },
      },
      synthesizer: {
        synthesize: async ({ revision }) => {
          await step();
          const apps = this.#commits[Number(revision.slice(1))] ?? [];
          const byName = Object.fromEntries(apps.map((app) => [app.name, app]));
          return { revision, apps: byName, disabled: [], failed: {} };
        },
      },
      registry: {
        listTags: async (image) => {
          await step('registry');
          return { kind: 'found', tags: (this.builds.get(image) ?? []).map(({ tag }) => tag) };
        },
        describe: async (image, tag) => {
          await step('registry');
          const build = this.builds.get(image)?.find((one) => one.tag === tag);
          return build && { ...build, digest: `sha256:${tag}` };
        },
        verify: () => Promise.reject(new Error('no policy here asks for signatures')),
        close: () => Promise.resolve(),
      },
      secretFiles: { valuesOf: () => Promise.resolve({}) },
      labels: { findLabelled: () => Promise.resolve({ objects: [], unseen: [] }) },
      secrets: { readSecret: () => Promise.reject(new Error('no policy here names a pull secret')) },
      workspace: {
        useProject: () => step('workspace'),
        settings: () => Promise.resolve({ settings: {}, secretKeys: [] }),
        secrets: () => Promise.resolve({}),
        overrides: () => Promise.resolve(this.overrides),
        setOverrides: async (overrides) => {
          await step('workspace');
          this.overrides = overrides;
        },
      },
      engine: {
        update: (request) => this.#update(request, step),
        preview: () => Promise.reject(new Error('the daemon never previews')),
        warm: () => undefined,
        outputs: () => Promise.resolve(this.#outputs),
        resources: () => Promise.resolve([]),
        recover: () => Promise.resolve(),
        close: () => Promise.resolve(),
      },
      observer: {
        start: async (onChange) => {
          await step();
          this.#notify = (app) => {
            if (isAlive()) {
              onChange(app);
            }
          };
        },
        setDesired: (app, objects) => {
          desired.set(app, objects);
          void settle().then(() => this.#notify(app));
        },
        forget: (app) => {
          desired.delete(app);
        },
        observe: (app) => this.#observe(desired.get(app) ?? []),
        refresh: async (app) => {
          await step();
          return this.#observe(desired.get(app) ?? []);
        },
        connection: () => ({ reachable: true, since: 0 }),
        stop: () => Promise.resolve(),
      },
      history: {
        append: async (entry) => {
          await step();
          this.history.push({ ...entry, id: this.history.length + 1 });
          await this.realHistory?.append(entry);
        },
        list: () => this.history,
      },
      audit: { append: () => step(), list: () => [] },
      disk: this.realDisk ?? { require: () => step('disk'), status: () => ({}), stop: () => undefined },
      clock: {
        now: () => this.clock.now(),
        after: (ms, callback) =>
          this.clock.after(ms, () => {
            if (isAlive()) {
              callback();
            }
          }),
      },
      logger: silentLogger,
      random: () => 0.5,
    };
  }

  /** Object by object, so that a kill leaves half an update; the state is written at the end, as without checkpoints. */
  async #update(
    { apps, remove, images, fingerprints }: UpdateRequest,
    step: (port?: 'engine') => Promise<void>,
  ): Promise<UpdateResult> {
    if (this.#updating) {
      this.violations.push('two updates at once');
    }
    this.#updating = true;
    this.runs += 1;
    const changes: ResourceChange[] = [];
    try {
      await step('engine');
      for (const app of apps) {
        changes.push(...(await this.#applyApp(app, step)));
      }
      for (const app of remove) {
        await this.#deleteObjects(app, new Set(), step);
        this.#state.delete(app);
      }
      await step('engine');
      this.#outputs = { images, fingerprints };
    } finally {
      this.#updating = false;
    }
    this.#watchers();
    return { changes, failures: [], durationMs: 1 };
  }

  async #applyApp({ name, objects }: DeployApp, step: () => Promise<void>): Promise<ResourceChange[]> {
    const changes: ResourceChange[] = [];
    for (const object of objects) {
      await step();
      if (this.cluster.get(keyOf(object)) !== object) {
        this.cluster.set(keyOf(object), object);
        changes.push({ urn: objectUrn(STACK, name, refOf(object)), operation: 'update', diff: [] });
      }
    }
    await this.#deleteObjects(name, new Set(objects.map(keyOf)), step);
    this.#state.set(name, new Map(objects.map((object) => [keyOf(object), object])));
    return changes;
  }

  async #deleteObjects(app: string, kept: ReadonlySet<string>, step: () => Promise<void>): Promise<void> {
    for (const key of this.#state.get(app)?.keys() ?? []) {
      if (!kept.has(key)) {
        await step();
        this.cluster.delete(key);
      }
    }
  }

  #observe(objects: readonly Manifest[]): AppObservation {
    const seen = objects.map((object) => this.#observeObject(object));
    const worst = seen.find(({ health }) => health.status !== 'Healthy')?.health ?? HEALTHY;
    return { objects: seen, health: worst };
  }

  #observeObject(object: Manifest): ObjectObservation {
    const ref = refOf(object);
    const live = this.cluster.get(keyOf(object));
    if (live === undefined) {
      return { ref, state: 'missing', drift: [], health: MISSING };
    }
    const isBroken = [...this.broken].some((image) => JSON.stringify(live).includes(`"${image}"`));
    const health = isBroken ? ({ status: 'Progressing', failing: 'ImagePullBackOff' } as const) : HEALTHY;
    const isSame = JSON.stringify(comparable(live)) === JSON.stringify(comparable(object));
    return { ref, state: isSame ? 'synced' : 'drifted', drift: isSame ? [] : ['/spec'], health };
  }
}

/** Copies a file that may be renamed at this moment. */
function copyIfThere(from: string, to: string): void {
  try {
    copyFileSync(from, to);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) {
      throw error;
    }
  }
}

/** Without what tracking adds: the engine here applies objects before it does. */
function comparable({ metadata, ...object }: Manifest): object {
  const { labels: _labels, annotations, ...rest } = metadata;
  return { ...object, metadata: { ...rest, note: (annotations as Record<string, string> | undefined)?.['note'] } };
}
