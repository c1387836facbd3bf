import { describe, expect, it } from 'vitest';
import { StalledError } from '../../src/base/errors.js';
import { createRoutes, type DaemonView, type SyncOptions } from '../../src/server/routes.js';

const STATUS = { clusterReachable: true, sources: [], apps: [] };

function view(more: Partial<DaemonView> = {}): DaemonView {
  return {
    status: () => STATUS,
    history: () => [],
    sync: () => Promise.resolve({ ok: true }),
    poll: () => undefined,
    ...more,
  };
}

describe('server/routes', () => {
  it('answers the status', async () => {
    const response = await createRoutes(view(), { mayAct: false }).request('/v1/status');
    expect([response.status, await response.json()]).toEqual([200, STATUS]);
  });

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
    expect(asked).toEqual([['web', { prune: true, retryImages: false, by: 'me' }]]);
  });

  it.each(['/v1/apps/web/sync', '/v1/refresh'])('%s is not there where nobody may act', async (path) => {
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
});
