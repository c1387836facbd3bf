import { Hono } from 'hono';
import { messageOf, ProdeskError } from '../base/errors.js';
import type { DriverStatus } from '../driver/core/summarize.js';
import type { HistoryEntry } from '../driver/core/effects.js';

/** What the API shows and asks of the daemon. */
export interface DaemonView {
  status(): DriverStatus;
  history(limit: number, app?: string): readonly HistoryEntry[];
  /**
   * Asks for a sync and resolves when it has ended.
   * @throws StalledError `app/unknown`
   */
  sync(app: string, options: SyncOptions): Promise<SyncOutcome>;
  /** Polls Git and the registries now. */
  refresh(): void;
}

/** How a person wants an application synced. */
export interface SyncOptions {
  readonly by: string;
  /** Delete the objects of an application that left Git. */
  readonly prune: boolean;
  /** Try rolled-back images again. */
  readonly retryImages: boolean;
}

/** How a requested sync ended. */
export interface SyncOutcome {
  readonly ok: boolean;
  readonly message?: string;
}

/**
 * The API. Reading is open to whoever can connect; acting only where `mayAct` is true: on the socket that belongs to the daemon's user.
 */
export function createRoutes(view: DaemonView, { mayAct }: { readonly mayAct: boolean }): Hono {
  const app = new Hono();
  app.get('/healthz', (context) => context.text('ok\n'));
  app.get('/v1/status', (context) => context.json(view.status()));
  app.get('/v1/history', (context) => {
    const limit = Number(context.req.query('limit') ?? 50);
    const bounded = Number.isInteger(limit) && limit > 0 && limit <= 1_000 ? limit : 50;
    return context.json(view.history(bounded, context.req.query('app')));
  });
  if (mayAct) {
    app.post('/v1/refresh', (context) => {
      view.refresh();
      return context.json({ ok: true });
    });
    app.post('/v1/apps/:name/sync', async (context) => {
      const { prune, retryImages, by } = context.req.query();
      const options = { prune: prune === 'true', retryImages: retryImages === 'true', by: by ?? 'someone' };
      return context.json(await view.sync(context.req.param('name'), options));
    });
  }
  app.notFound((context) => context.json({ error: { message: `no such path: ${context.req.path}` } }, 404));
  app.onError((error, context) => {
    const code = error instanceof ProdeskError ? error.code : 'bug/unreachable';
    const status = code === 'app/unknown' ? 404 : 500;
    return context.json({ error: { code, message: messageOf(error) } }, status);
  });
  return app;
}
