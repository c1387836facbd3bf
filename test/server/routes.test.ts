import { describe, expect, it } from 'vitest';
import { StalledError } from '../../src/base/errors.js';
import type { DaemonView, PauseOptions, SyncOptions } from '../../src/server/daemon-view.js';
import { systemClock } from '../../src/base/clock.js';
import { createPages } from '../../src/ui/pages.js';
import { limitRate } from '../../src/server/rate-limit.js';
import { createRoutes } from '../../src/server/routes.js';

const STATUS = { clusterReachable: true, sources: [], apps: [], findings: [] };

function view(more: Partial<DaemonView> = {}): DaemonView {
  return {
    status: () => STATUS,
    orphans: () => Promise.resolve({ orphans: [], unseen: [] }),
    history: () => [],
    audit: () => [],
    sync: () => Promise.resolve({ ok: true }),
    poll: () => undefined,
    rollback: () => Promise.resolve({ ok: true }),
    unpin: () => undefined,
    pause: () => undefined,
    resume: () => undefined,
    testReceiver: () => Promise.resolve({ ok: true }),
    ...more,
  };
}

describe('server/routes', () => {
  it('answers the status', async () => {
    const response = await createRoutes(view(), { mayAct: false }).request('/v1/status');
    expect([response.status, await response.json()]).toEqual([200, STATUS]);
  });

  it.each(['/v1/status', '/v1/history', '/v1/nosuch<script>', '/healthz'])(
    '%s is data to a browser that is led there: nothing of it is run, framed, kept or given to another page',
    async (path) => {
      const { headers } = await createRoutes(view(), { mayAct: false }).request(path);
      expect(Object.fromEntries(headers)).toMatchObject({
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'SAMEORIGIN',
        'cross-origin-resource-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
      });
      expect(headers.get('content-type')).toMatch(/^(application\/json|text\/plain)/);
      expect(headers.get('access-control-allow-origin')).toBeNull();
    },
  );

  it.each([
    ['?limit=7&app=web', [7, 'web']],
    ['', [50, undefined]],
    ['?limit=-1', [50, undefined]],
    ['?limit=many', [50, undefined]],
    ['?limit=999999', [50, undefined]],
  ])('history%s asks for a bounded number of entries', async (query, expected) => {
    const asked: unknown[] = [];
    const history: DaemonView['history'] = (limit, app) => {
      asked.push(limit, app);
      return [];
    };
    await createRoutes(view({ history }), { mayAct: false }).request(`/v1/history${query}`);
    expect(asked).toEqual(expected);
  });

  it('passes on how a person wants a sync', async () => {
    const asked: [string, SyncOptions][] = [];
    const sync: DaemonView['sync'] = (app, options) => {
      asked.push([app, options]);
      return Promise.resolve({ ok: true });
    };
    const routes = createRoutes(view({ sync }), { mayAct: true });
    await routes.request('/v1/apps/web/sync?prune=true&by=me', { method: 'POST' });
    await routes.request('/v1/apps/web/sync?wait=false&by=me', { method: 'POST' });
    expect(asked).toMatchObject([
      ['web', { prune: true, retryImages: false, latest: false, wait: true, by: 'me' }],
      ['web', { prune: false, retryImages: false, latest: false, wait: false, by: 'me' }],
    ]);
  });

  it.each<[string, [string | undefined, PauseOptions]]>([
    ['', [undefined, { by: 'someone' }]],
    ['?app=web&by=me&forMs=7200000&reason=db%20move', ['web', { by: 'me', forMs: 7_200_000, reason: 'db move' }]],
    ['?by=me&forMs=soon&reason=', [undefined, { by: 'me' }]],
    ['?by=%1B%5B31mme%0Ayou', [undefined, { by: '[31mme you' }]],
  ])('passes on how a person wants a pause: %s', async (query, expected) => {
    const asked: unknown[] = [];
    const pause: DaemonView['pause'] = (app, options) => void asked.push([app, options]);
    await createRoutes(view({ pause }), { mayAct: true }).request(`/v1/pause${query}`, { method: 'POST' });
    expect(asked).toEqual([expected]);
  });

  it('passes on where a person wants an application put back to', async () => {
    const asked: unknown[] = [];
    const rollback: DaemonView['rollback'] = (app, options) => {
      asked.push([app, options]);
      return Promise.resolve({ ok: true });
    };
    const routes = createRoutes(view({ rollback }), { mayAct: true });
    await routes.request('/v1/apps/web/rollback?to=12&by=me&reason=slow', { method: 'POST' });
    await routes.request('/v1/apps/web/rollback?image=v1&revision=abc&prune=true&by=me', { method: 'POST' });
    expect(asked).toEqual([
      ['web', { by: 'me', prune: false, reason: 'slow', to: 12 }],
      ['web', { by: 'me', prune: true, image: 'v1', revision: 'abc' }],
    ]);
  });

  it('passes on whose pause ends', async () => {
    const asked: unknown[] = [];
    const routes = createRoutes(view({ resume: (app, { by }) => void asked.push([app, by]) }), { mayAct: true });
    await routes.request('/v1/resume?app=web&by=me', { method: 'POST' });
    await routes.request('/v1/resume', { method: 'POST' });
    expect(asked).toEqual([
      ['web', 'me'],
      [undefined, 'someone'],
    ]);
  });

  it.each([
    '/v1/apps/web/sync',
    '/v1/apps/web/rollback',
    '/v1/apps/web/unpin',
    '/v1/refresh',
    '/v1/pause',
    '/v1/resume',
  ])('%s is not there where nobody may act', async (path) => {
    const response = await createRoutes(view(), { mayAct: false }).request(path, { method: 'POST' });
    expect(response.status).toBe(404);
  });

  it.each([
    [new StalledError('app/unknown', 'no application "x"'), 404, 'app/unknown'],
    [new Error('token=abcdefgh1234'), 500, 'bug/unreachable'],
  ])('%s becomes an answer without credentials', async (error, status, code) => {
    const routes = createRoutes(view({ sync: () => Promise.reject(error) }), { mayAct: true });
    const response = await routes.request('/v1/apps/x/sync', { method: 'POST' });
    const text = await response.text();
    expect(response.status).toBe(status);
    expect(text).toContain(code);
    expect(text).not.toContain('abcdefgh1234');
  });

  it('pages keep headers of their own, and the limit stands before them, too', async () => {
    const limit = limitRate({ perSecond: 0, burst: 1 }, systemClock);
    const routes = createRoutes(view(), { mayAct: false, pages: createPages(view(), systemClock), limit });
    const [page, refused] = [await routes.request('/'), await routes.request('/apps/web')];
    expect([page.status, refused.status]).toEqual([200, 429]);
    expect(page.headers.get('content-security-policy')).toContain("style-src 'sha256-");
    expect(page.headers.get('content-security-policy')).not.toContain('sandbox');
  });

  it('a limit stands before reading and not before the question whether the daemon lives', async () => {
    const limit = limitRate({ perSecond: 0, burst: 1 }, systemClock);
    const routes = createRoutes(view(), { mayAct: false, limit });
    const statuses = await Promise.all(
      ['/v1/status', '/v1/status', '/healthz'].map(async (path) => (await routes.request(path)).status),
    );
    expect(statuses).toEqual([200, 429, 200]);
  });
});
