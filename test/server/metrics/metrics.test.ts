import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { TransientError } from '../../../src/base/errors.js';
import { summarize } from '../../../src/driver/core/summarize.js';
import { createMetrics, type Metrics } from '../../../src/server/metrics/metrics.js';
import { createRoutes } from '../../../src/server/routes.js';
import { standbyView } from '../../../src/server/standby-view.js';
import { application, DEGRADED, Scenario } from '../../driver/core/scenario.js';

const GIT = { type: 'gitFailed', problem: { code: 'git/unreachable', message: 'no route' } } as const;
const LIMITED = new TransientError('registry/rate-limited', 'wait', { retryAfterMs: 30_000 });
const NAMES = Array.from({ length: 20 }, (_, number) => `app-${number}`);

/** Metrics of a daemon that did a little of everything. */
async function filled(): Promise<Metrics> {
  const metrics = createMetrics('1.2.3');
  const scenario = new Scenario()
    .start()
    .commit(
      'c1',
      NAMES.map((name) => application(name)),
    )
    .finish();
  scenario.observe('app-0', DEGRADED).send(GIT);
  metrics.readFrom({
    status: () => summarize(scenario.state),
    receivers: () => ({ team: { waiting: 1, sent: 2, dropped: 3 } }),
  });
  await metrics.counted({ target: 'git', operation: 'head' }, Promise.resolve('c1'));
  await metrics.counted({ target: 'registry', operation: 'tags' }, Promise.reject(LIMITED)).catch(() => undefined);
  for (const app of NAMES) {
    const entry = { at: 0, app, kind: 'image', outcome: 'healthy', images: {}, by: 'automated' } as const;
    metrics.recorded({ ...entry, durationMs: 1_500 });
  }
  return metrics;
}

describe('server/metrics/metrics', () => {
  it.each([
    'prodesk_build_info{version="1.2.3"} 1',
    'prodesk_applications{sync="Synced",health="Degraded"} 1',
    'prodesk_cluster_reachable 1',
    'prodesk_revision_rejected 0',
    'prodesk_sources_failing{source="git"} 1',
    'prodesk_operations_total{kind="image",outcome="healthy"} 20',
    'prodesk_operation_seconds_bucket{le="2",kind="image",outcome="healthy"} 20',
    'prodesk_operation_seconds_bucket{le="1",kind="image",outcome="healthy"} 0',
    'prodesk_call_seconds_count{target="git",operation="head",outcome="ok"} 1',
    'prodesk_call_seconds_count{target="registry",operation="tags",outcome="registry/rate-limited"} 1',
    'prodesk_asked_wait_seconds_total{target="registry"} 30',
    'prodesk_notifications_waiting{receiver="team"} 1',
    'prodesk_notifications_sent{receiver="team"} 2',
    'prodesk_notifications_dropped{receiver="team"} 3',
  ])('tells %s', async (line) => {
    expect((await (await filled()).render()).split('\n')).toContain(line);
  });

  it('a failed call stays the failure that it is', async () => {
    const call = createMetrics('1').counted({ target: 'git', operation: 'head' }, Promise.reject(LIMITED));
    await expect(call).rejects.toBe(LIMITED);
  });

  it('no application, image or commit is a label, so that there are never more series', async () => {
    const text = await (await filled()).render();
    expect(text).not.toContain('app-');
    expect(text).not.toContain('c1');
    expect(text.split('\n').filter((line) => line.startsWith('prodesk_')).length).toBeLessThan(80);
  });

  it('a daemon that does not lead tells nothing of applications', async () => {
    const metrics = await filled();
    metrics.readFrom(undefined);
    expect(await metrics.render()).not.toContain('prodesk_applications{');
  });

  it('each is in the table of docs/monitoring.md, and nothing else is', async () => {
    const text = await (await filled()).render();
    const served = [...text.matchAll(/^# TYPE (prodesk_\S+) (\S+)$/gm)].map(([, name, type]) => `${name} ${type}`);
    const table = readFileSync('docs/monitoring.md', 'utf8').matchAll(/^\| `(prodesk_\w+)` +\| (\w+)/gm);
    expect([...table].map(([, name, type]) => `${name} ${type}`).sort()).toEqual(served.sort());
  });

  it('is served at /metrics as data, behind the limit of all reading', async () => {
    const metrics = await filled();
    const view = standbyView(() => undefined);
    const response = await createRoutes(view, { mayAct: false, metrics }).request('/metrics');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await response.text()).toContain('process_resident_memory_bytes');
    const refused = createRoutes(view, {
      mayAct: false,
      metrics,
      limit: (context) => Promise.resolve(context.text('no', 429)),
    });
    expect((await refused.request('/metrics')).status).toBe(429);
    expect((await createRoutes(view, { mayAct: false }).request('/metrics')).status).toBe(404);
  });
});
