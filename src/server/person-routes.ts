import type { Context, Hono } from 'hono';
import type { DaemonView, RollbackOptions } from './daemon-view.js';

const LONGEST_NAME = 64;
const LONGEST_REASON = 300;

/** The routes by which a person acts. They are on the socket that only the daemon's user may open. */
export function addPersonRoutes(app: Hono, view: DaemonView): void {
  app.post('/v1/refresh', (context) => {
    const by = byOf(context);
    view.poll('git', by);
    view.poll('registry', by);
    return context.json({ ok: true });
  });
  app.post('/v1/apps/:name/sync', async (context) => {
    const { prune, retryImages, latest, wait } = context.req.query();
    const flags = { prune: prune === 'true', retryImages: retryImages === 'true', latest: latest === 'true' };
    const options = { ...flags, wait: wait !== 'false', by: byOf(context), signal: context.req.raw.signal };
    return context.json(await view.sync(context.req.param('name'), options));
  });
  app.post('/v1/apps/:name/rollback', async (context) =>
    context.json(await view.rollback(context.req.param('name'), rollbackOptionsOf(context))),
  );
  app.post('/v1/apps/:name/unpin', (context) => {
    view.unpin(context.req.param('name'), { by: byOf(context) });
    return context.json({ ok: true });
  });
  app.post('/v1/receivers/:name/test', async (context) =>
    context.json(await view.testReceiver(context.req.param('name'))),
  );
  app.post('/v1/pause', (context) => {
    const { app: name, forMs } = context.req.query();
    const duration = Number(forMs);
    view.pause(name, {
      by: byOf(context),
      ...(Number.isInteger(duration) && duration > 0 && { forMs: duration }),
      ...reasonOf(context),
    });
    return context.json({ ok: true });
  });
  app.post('/v1/resume', (context) => {
    view.resume(context.req.query('app'), { by: byOf(context) });
    return context.json({ ok: true });
  });
}

function rollbackOptionsOf(context: Context): RollbackOptions {
  const { to, image, revision, prune } = context.req.query();
  return {
    by: byOf(context),
    prune: prune === 'true',
    ...reasonOf(context),
    ...(to !== undefined && { to: Number(to) }),
    ...(image !== undefined && { image }),
    ...(revision !== undefined && { revision }),
  };
}

/** Who asks, as the client says. Node.js cannot tell the user at the other end of a socket; the socket's mode lets in one user only. */
function byOf(context: Context): string {
  return plainText(context.req.query('by') ?? '', LONGEST_NAME) || 'someone';
}

function reasonOf(context: Context): { readonly reason?: string } {
  const reason = plainText(context.req.query('reason') ?? '', LONGEST_REASON);
  return reason === '' ? {} : { reason };
}

/** Text on one line, without control characters. */
function plainText(text: string, longest: number): string {
  return text
    .replaceAll(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .trim()
    .slice(0, longest);
}
