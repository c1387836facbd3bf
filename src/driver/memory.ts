import { z } from 'zod';
import type { DesiredApp } from '../app/desired-state.js';
import type { ObjectKey } from '../app/manifest.js';
import type { AppState, DriverState, Memory, RememberedApp } from './core/state.js';
import { readVersions, writeVersion } from './kept-file.js';

const pause = z.object({
  by: z.string(),
  at: z.number(),
  until: z.number().exactOptional(),
  reason: z.string().exactOptional(),
});

const syncWindow = z.object({
  kind: z.enum(['allow', 'deny']),
  schedule: z.string(),
  durationMs: z.number(),
  timeZone: z.string(),
  manual: z.boolean(),
});

const images = z.record(z.string(), z.string());

/** What this daemon wrote itself; a pinned definition is only looked at as far as it must not be something else. */
const definition = z.custom<DesiredApp>(
  (value) => typeof value === 'object' && value !== null && 'objects' in value && Array.isArray(value.objects),
);

const pin = z.object({
  by: z.string(),
  at: z.number(),
  reason: z.string().exactOptional(),
  images,
  newer: images,
  kept: z.object({ definition, revision: z.string(), secretDigest: z.string() }).exactOptional(),
});

const target = z.object({
  revision: z.string(),
  images: z.record(z.string(), z.string()),
  fingerprint: z.string(),
  objectsFingerprint: z.string(),
  at: z.number(),
});

const { at: _, ...wanted } = target.shape;

const progress = z.object({
  definition,
  target: z.object(wanted),
  stage: z.union([z.literal('pre-sync'), z.number(), z.literal('post-sync')]),
  applied: z.boolean(),
  kind: z.enum(['sync', 'image', 'rollback', 'heal', 'prune']),
  startedAt: z.number(),
  by: z.string(),
  failed: z.object({ code: z.literal('hook/failed'), message: z.string() }).exactOptional(),
});

const rememberedApp = z.object({
  policy: z.object({
    automated: z.boolean(),
    prune: z.boolean(),
    selfHeal: z.boolean(),
    createNamespace: z.boolean(),
    windows: z.array(syncWindow).exactOptional(),
  }),
  synced: target.exactOptional(),
  lastHealthy: target.exactOptional(),
  badImages: z.array(
    z.object({ image: z.string(), tag: z.string(), restored: z.string(), reason: z.string(), at: z.number() }),
  ),
  selected: z.record(
    z.string(),
    z.object({ tag: z.string(), digest: z.string().exactOptional(), createdAt: z.number().exactOptional() }),
  ),
  attempted: z.string().exactOptional(),
  progress: progress.exactOptional(),
  deployed: z.array(z.custom<ObjectKey>((key) => typeof key === 'string')).exactOptional(),
  removalHeld: z.literal(true).exactOptional(),
  paused: pause.exactOptional(),
  pin: pin.exactOptional(),
});

const file = z.object({
  version: z.literal(1),
  apps: z.record(z.string(), rememberedApp),
  paused: pause.exactOptional(),
});

/** The part of the state that a restart brings back. */
export function rememberedOf({ apps, paused }: DriverState): Memory {
  return {
    apps: Object.fromEntries(Object.values(apps).map((app) => [app.name, rememberedAppOf(app)])),
    ...(paused && { paused }),
  };
}

/** Whether a restart would bring back something else now than before. */
export function remembersOtherwise(before: DriverState, after: DriverState): boolean {
  if (before.paused !== after.paused) {
    return true;
  }
  if (before.apps === after.apps) {
    return false;
  }
  const names = Object.keys(after.apps);
  return (
    names.length !== Object.keys(before.apps).length ||
    names.some((name) => differs(before.apps[name], after.apps[name]))
  );
}

/**
 * Reads what the last run remembered.
 * @returns nothing remembered when the file was never written; with `damaged`, the reason why its newest version cannot be used
 */
export async function readMemory(path: string): Promise<{ readonly memory: Memory; readonly damaged?: string }> {
  const reasons: string[] = [];
  for (const text of await readVersions(path)) {
    try {
      const { version: _, ...memory } = file.parse(JSON.parse(text));
      return { memory, ...damageOf(reasons) };
    } catch (error) {
      reasons.push(error instanceof z.ZodError ? z.prettifyError(error) : String(error));
    }
  }
  return { memory: { apps: {} }, ...damageOf(reasons) };
}

/**
 * Writes what the next run is to remember: complete on disk when the promise resolves. Its last version stays beside it.
 * @throws TransientError `disk/full`, `disk/read-only`
 */
export async function writeMemory(path: string, memory: Memory): Promise<void> {
  await writeVersion(path, JSON.stringify({ version: 1, ...memory }));
}

function damageOf([reason]: readonly string[]): { readonly damaged?: string } {
  return reason === undefined ? {} : { damaged: reason };
}

function rememberedAppOf(app: AppState): RememberedApp {
  const { policy, synced, lastHealthy, badImages, selected, attempted, progress, deployed, removal, paused, pin } = app;
  return {
    policy,
    badImages,
    selected,
    ...(synced && { synced }),
    ...(lastHealthy && { lastHealthy }),
    ...(attempted !== undefined && { attempted }),
    ...(progress && { progress }),
    ...(deployed && { deployed }),
    ...(removal?.held && { removalHeld: true }),
    ...(paused && { paused }),
    ...(pin && { pin }),
  };
}

function differs(a: AppState | undefined, b: AppState | undefined): boolean {
  return (
    a !== b &&
    (a?.policy !== b?.policy ||
      a?.synced !== b?.synced ||
      a?.lastHealthy !== b?.lastHealthy ||
      a?.badImages !== b?.badImages ||
      a?.selected !== b?.selected ||
      a?.attempted !== b?.attempted ||
      a?.progress !== b?.progress ||
      a?.deployed !== b?.deployed ||
      a?.removal?.held !== b?.removal?.held ||
      a?.paused !== b?.paused ||
      a?.pin !== b?.pin)
  );
}
