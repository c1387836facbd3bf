import { Hono } from 'hono';
import { html } from 'hono/html';
import { secureHeaders } from 'hono/secure-headers';
import type { Clock } from '../base/clock.js';
import type { DaemonView } from '../server/daemon-view.js';
import { appPage } from './app-page.js';
import { PAGE_POLICY, pageOf } from './layout.js';
import { overviewPage } from './overview.js';
import { plain } from './parts.js';

/** How many entries a page shows. */
const SHOWN_HISTORY = 30;
const SHOWN_AUDIT = 20;

/** Reads only: nothing on a page changes anything. */
export function createPages(view: Pick<DaemonView, 'status' | 'history' | 'audit'>, clock: Pick<Clock, 'now'>): Hono {
  const app = new Hono();
  app.use(secureHeaders({ contentSecurityPolicy: PAGE_POLICY, xFrameOptions: 'DENY' }), async (context, next) => {
    await next();
    context.header('cache-control', 'no-store');
  });
  app.get('/', (context) => {
    const facts = { status: view.status(), history: view.history(SHOWN_HISTORY), now: clock.now() };
    return context.html(pageOf(overviewPage(facts)));
  });
  app.get('/apps/:name', (context) => {
    const name = context.req.param('name');
    const found = view.status().apps.find((one) => one.name === name);
    if (found === undefined) {
      return context.html(pageOf(unknownPage(name)), 404);
    }
    const [history, audit] = [view.history(SHOWN_HISTORY, name), view.audit(SHOWN_AUDIT, name)];
    return context.html(pageOf(appPage({ app: found, history, audit, now: clock.now() })));
  });
  return app;
}

function unknownPage(name: string): { readonly title: string; readonly body: ReturnType<typeof html> } {
  const body = html`<p><a href="/">All applications</a></p>
    <h1>No such application</h1>
    <p>There is no application ${plain(name)}.</p>`;
  return { title: 'No such application', body };
}
