import { Hono, type MiddlewareHandler } from 'hono';
import { every } from 'hono/combine';
import { secureHeaders } from 'hono/secure-headers';
import { messageOf, ProdeskError } from '../base/errors.js';
import type { DaemonView } from './daemon-view.js';
import type { Metrics } from './metrics/metrics.js';
import { addPersonRoutes } from './person-routes.js';

/** What {@link createRoutes} serves beside reading. */
export interface RouteOptions {
  /** Whether whoever can connect may act: on the socket that belongs to the daemon's user. */
  readonly mayAct: boolean;
  /** Served below `/v1/webhooks`. @default - no webhooks */
  readonly webhooks?: Hono;
  /** Served at `/` and `/apps/NAME`, with its own headers. @default - no pages */
  readonly pages?: Hono;
  /** Served at `/metrics`. @default - no metrics */
  readonly metrics?: Pick<Metrics, 'render' | 'contentType'>;
  /** Stands before all that is read, but not before `/healthz`. @default - no limit */
  readonly limit?: MiddlewareHandler;
}

/** An answer is data: a browser that is led here runs nothing of it, shows it in no frame and gives it to no other page. */
const NO_PAGE = every(
  secureHeaders({ contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"], sandbox: [] } }),
  async (context, next) => {
    await next();
    context.header('cache-control', 'no-store');
  },
);

const PAGE_PATHS = ['/', '/apps/:name'];

/** The API. Reading is open to whoever can connect. */
export function createRoutes(view: DaemonView, { mayAct, webhooks, pages, metrics, limit }: RouteOptions): Hono {
  const app = new Hono();
  if (pages !== undefined) {
    addPages(app, pages, limit);
  }
  app.use(NO_PAGE);
  if (webhooks !== undefined) {
    app.route('/v1/webhooks', webhooks);
  }
  app.get('/healthz', (context) => context.text('ok\n'));
  if (limit !== undefined) {
    app.use(limit);
  }
  if (metrics !== undefined) {
    app.get('/metrics', async (context) =>
      context.body(await metrics.render(), 200, { 'content-type': metrics.contentType }),
    );
  }
  app.get('/v1/status', (context) => context.json(view.status()));
  app.get('/v1/history', (context) =>
    context.json(view.history(limitOf(context.req.query('limit')), context.req.query('app'))),
  );
  app.get('/v1/audit', (context) =>
    context.json(view.audit(limitOf(context.req.query('limit')), context.req.query('app'))),
  );
  if (mayAct) {
    app.get('/v1/orphans', async (context) => context.json(await view.orphans()));
    addPersonRoutes(app, view);
  }
  app.notFound((context) => context.json({ error: { message: `no such path: ${context.req.path}` } }, 404));
  app.onError((error, context) => {
    const code = error instanceof ProdeskError ? error.code : 'bug/unreachable';
    const status = code === 'app/unknown' || code === 'history/unknown' ? 404 : 500;
    return context.json({ error: { code, message: messageOf(error) } }, status);
  });
  return app;
}

/** Each path for itself: what comes before the pages must not stand before the rest. */
function addPages(app: Hono, pages: Hono, limit: MiddlewareHandler | undefined): void {
  for (const path of PAGE_PATHS) {
    if (limit !== undefined) {
      app.get(path, limit);
    }
    app.get(path, (context) => pages.fetch(context.req.raw));
  }
}

function limitOf(text = '50'): number {
  const limit = Number(text);
  return Number.isInteger(limit) && limit > 0 && limit <= 1_000 ? limit : 50;
}
