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
  /** Polls a source now. */
  poll(source: 'git' | 'registry'): void;
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

/** What {@link createRoutes} serves beside reading. */
export interface RouteOptions {
  /** Whether whoever can connect may act: on the socket that belongs to the daemon's user. */
  readonly mayAct: boolean;
  /** Served below `/v1/webhooks`. @default - no webhooks */
  readonly webhooks?: Hono;
}

/** The API. Reading is open to whoever can connect. */
export function createRoutes(view: DaemonView, { mayAct, webhooks }: RouteOptions): Hono {
  const app = new Hono();
  if (webhooks !== undefined) {
    app.route('/v1/webhooks', webhooks);
  }
  app.get('/healthz', (context) => context.text('ok\n'));
  app.get('/v1/status', (context) => context.json(view.status()));
  app.get('/v1/history', (context) => {
    const limit = Number(context.req.query('limit') ?? 50);
    const bounded = Number.isInteger(limit) && limit > 0 && limit <= 1_000 ? limit : 50;
    return context.json(view.history(bounded, context.req.query('app')));
  });
  if (mayAct) {
    app.post('/v1/refresh', (context) => {
      view.poll('git');
      view.poll('registry');
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
