import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { descendantsOf } from '../support/process-tree.js';
import { IMAGE, type RunningStage, showNews, startStage, tagOf } from './running-stage.js';

/** Cycles of one image and one commit; the first ones fill caches and are not compared. */
const CYCLES = 24;
const WARM_UP = 8;
/** What the heap's own breathing may add, in MiB. */
const ALLOWED_GROWTH_MIB = 40;

/** What a long-lived process must not pile up. */
interface Footprint {
  readonly residentMiB: number;
  readonly descriptors: number;
  readonly children: number;
}

let running: RunningStage;

beforeAll(async () => {
  running = await startStage();
});
afterAll(() => running.stop());

describe('e2e/soak', () => {
  it('cycle after cycle of images and commits piles up no memory, descriptor, process or temporary file', async () => {
    const footprints: Footprint[] = [];
    for (let cycle = 0; cycle < CYCLES; cycle += 1) {
      await play(cycle);
      footprints.push(await footprintOf(running.daemon.pid));
    }
    const early = footprints.slice(WARM_UP, WARM_UP + 8);
    const late = footprints.slice(-8);
    expect(least(late, 'residentMiB')).toBeLessThan(least(early, 'residentMiB') + ALLOWED_GROWTH_MIB);
    expect(least(late, 'descriptors')).toBeLessThanOrEqual(most(early, 'descriptors'));
    expect(most(late, 'children')).toBeLessThanOrEqual(most(early, 'children'));
    expect((await filesOf(running.stateDirectory)).filter((name) => /\.tmp$|\.new$|\.new-/.test(name))).toEqual([]);
  });
});

/** An image and a commit; both must have arrived, so that each cycle does the same. */
async function play(cycle: number): Promise<void> {
  const { stage } = running;
  const tag = tagOf(cycle + 1);
  await stage.pushImage(IMAGE, tag);
  const commit = await showNews(stage, 100 + cycle);
  await stage.waitForApp('naver-news', `Healthy with ${tag} at ${commit}`, ({ images, revision, sync, health }) => {
    return images[IMAGE] === tag && revision === commit && sync === 'Synced' && health.status === 'Healthy';
  });
}

async function footprintOf(pid: number): Promise<Footprint> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const residentKiB = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]);
  const descriptors = (await readdir(`/proc/${pid}/fd`)).length;
  return { residentMiB: residentKiB / 1024, descriptors, children: (await descendantsOf(pid)).length };
}

function least(footprints: readonly Footprint[], field: keyof Footprint): number {
  return Math.min(...footprints.map((footprint) => footprint[field]));
}

function most(footprints: readonly Footprint[], field: keyof Footprint): number {
  return Math.max(...footprints.map((footprint) => footprint[field]));
}

async function filesOf(folder: string): Promise<string[]> {
  return readdir(folder, { recursive: true });
}
