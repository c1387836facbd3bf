import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../src/driver/core/effects.js';
import type { Problem } from '../../src/driver/core/state.js';
import { summarize } from '../../src/driver/core/summarize.js';
import type { NumberedEntry } from '../../src/driver/history.js';
import type { DaemonStatus } from '../../src/server/daemon-view.js';
import { createPages } from '../../src/ui/pages.js';
import { application, DEGRADED, DRIFTED, Scenario } from '../driver/core/scenario.js';

const NOW = Date.UTC(2026, 0, 2);
const WEB = application('web', { follows: true });
const PROBLEM: Problem = { code: 'git/unreachable', message: 'no route' };
const HISTORY: NumberedEntry[] = [
  {
    id: 7,
    at: NOW - 180_000,
    app: 'web',
    kind: 'image',
    outcome: 'failed',
    revision: '0123456789',
    images: { 'ghcr.io/me/web': 'master-2' },
    by: 'automated',
    message: 'refused by the API server',
    changes: [{ object: 'Deployment shop/web', operation: 'update', fields: ['/spec/replicas'] }],
    durationMs: 1500,
  },
];
const AUDIT: AuditEntry[] = [{ at: NOW, by: 'me', action: 'pause', app: 'web', reason: 'exam week', refused: 'no' }];

/** Statuses that together have every field. */
const STATUSES: DaemonStatus[] = [
  new Scenario().settled(WEB).observe('web', DRIFTED),
  new Scenario().settled(WEB).builds('web', ['master-1', 2]).finish().observe('web', DEGRADED).finish(),
  new Scenario().settled(WEB).send({ type: 'gitFailed', problem: PROBLEM }),
  new Scenario()
    .settled(WEB)
    .send({ type: 'rollbackRequested', app: 'web', by: 'me', reason: 'slow', prune: false, images: {} })
    .send({ type: 'pauseRequested', by: 'me', reason: 'exam week' }),
  new Scenario()
    .settled(WEB)
    .send({ type: 'headSeen', commit: 'c2' })
    .send({ type: 'revisionRejected', commit: 'c2', transient: false, problem: PROBLEM }),
].map(({ state }) => ({
  ...summarize(state),
  engineProblem: PROBLEM,
  disk: { code: 'disk/full', message: 'no space' },
  leadership: { isLeader: false, identity: 'a', holder: 'b', lease: 'prodesk/c' },
}));

function pagesOf(status: DaemonStatus, history = HISTORY, audit = AUDIT) {
  return createPages({ status: () => status, history: () => history, audit: () => audit }, { now: () => NOW });
}

async function textOf(path: string, ...facts: Parameters<typeof pagesOf>): Promise<string> {
  return (await pagesOf(...facts).request(path)).text();
}

describe('ui/pages', () => {
  describe('the page of all applications', () => {
    it('tells sync, health, revision, images, sources and history', async () => {
      const status = summarize(new Scenario().settled(WEB).state);
      const text = await textOf('/', status);
      expect(text).toContain('<a href="/apps/web">web</a>');
      expect(text).toContain('1 applications: 1 Synced, 1 Healthy');
      expect(text).toContain('<span class="good">Synced</span>');
      expect(text).toContain('git');
      expect(text).toContain('>3m0s ago</time>');
      expect(text).toContain('<summary>1 object</summary>');
      expect(text).toContain('<code>/spec/replicas</code>');
    });

    it('tells what is wrong beside the applications', async () => {
      const text = await textOf('/', STATUSES[4] ?? fail());
      for (const fact of ['commit c2 was not taken: no route', 'the engine failed', 'no space', 'who leads: b']) {
        expect(text).toContain(fact);
      }
    });

    it('says so where there is nothing', async () => {
      const text = await textOf('/', { clusterReachable: true, sources: [], apps: [], findings: [] }, [], []);
      expect(text).toContain('no revision yet');
      expect(text).toContain('There are no applications.');
      expect(text).toContain('Nothing happened yet.');
    });
  });

  describe('the page of one application', () => {
    it('tells which image was rolled back and why, and what persons did', async () => {
      const text = await textOf('/apps/web', STATUSES[1] ?? fail());
      expect(text).toContain('rolled back from master-1: deadline');
      expect(text).toContain('exam week; refused: no');
    });

    it('tells what differs, and who changed it', async () => {
      const text = await textOf('/apps/web', STATUSES[0] ?? fail());
      expect(text).toContain('<span class="waiting">drifted</span>');
    });

    it('is not there for a name that is none', async () => {
      const response = await pagesOf(STATUSES[0] ?? fail()).request('/apps/%3Cscript%3E');
      expect(response.status).toBe(404);
      expect(await response.text()).toContain('There is no application &lt;script&gt;.');
    });
  });

  describe('what others wrote', () => {
    const PLANTS = [
      `<script>alert(1)</script>`,
      `"><img src=x onerror=alert(1)>`,
      `' onmouseover='alert(1)`,
      `</style></title><svg/onload=alert(1)>`,
      `javascript:alert(1)`,
      `&lt;script&gt;`,
      `{{constructor}}\${alert(1)}`,
    ];

    it.each(PLANTS)('in commits, names, tags, errors and objects becomes text, never markup: %s', async (plant) => {
      for (const status of STATUSES) {
        const [hostile, history, audit] = [planted(status, plant), planted(HISTORY, plant), planted(AUDIT, plant)];
        const name = encodeURIComponent(hostile.apps[0]?.name ?? fail());
        for (const [good, bad] of [
          ['/', '/'],
          ['/apps/web', `/apps/${name}`],
        ] as const) {
          const text = await textOf(bad, hostile, history, audit);
          expect(text).toContain(escaped(plant));
          expect(markupOf(text)).toEqual(markupOf(await textOf(good, status)));
          expect(text).not.toMatch(/href="(?!\/)/);
        }
      }
    });

    it('does not turn or hide what is beside it', async () => {
      const text = await textOf('/', planted(STATUSES[0] ?? fail(), '\u202e\u0000\u001b[2J'));
      expect(text).not.toMatch(/[\u202e\u0000\u001b]/);
    });
  });

  it.each(['/', '/apps/web', '/apps/nosuch'])(
    '%s may run nothing, load nothing and be framed nowhere',
    async (path) => {
      const response = await pagesOf(STATUSES[0] ?? fail()).request(path);
      const text = await response.text();
      const [, style = ''] = /<style>([^]*?)<\/style>/.exec(text) ?? [];
      const hash = createHash('sha256').update(style).digest('base64');
      expect(response.headers.get('content-security-policy')).toBe(
        `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      );
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'content-type': 'text/html; charset=UTF-8',
        'x-frame-options': 'DENY',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
      });
      expect(text).not.toMatch(/<(script|img|link|iframe|form|object)|\son\w+=|style="|https?:/i);
    },
  );

  it('brings itself up to date without a script', async () => {
    expect(await textOf('/', STATUSES[0] ?? fail())).toMatch(/<meta http-equiv="refresh" content="\d+" \/>/);
  });
});

/** The value with a text in each of its texts, and in each key that is a name of an image; what is one of a few words is one no more. */
function planted<T>(value: T, plant: string): T {
  if (typeof value === 'string') {
    return `${plant}${value}${plant}` as T;
  }
  if (Array.isArray(value)) {
    return value.map((item: unknown) => planted(item, plant)) as T;
  }
  if (value === null || typeof value !== 'object') {
    return value;
  }
  const entries = Object.entries(value).map(([key, inner]) => [
    key.includes('/') ? `${plant}${key}` : key,
    planted<unknown>(inner, plant),
  ]);
  return Object.fromEntries(entries) as T;
}

/** The tags of a page with the names of their attributes, without text and values. */
function markupOf(text: string): string[] {
  const tags = text.match(/<[^>]*>/g) ?? [];
  return tags.map((tag) => tag.replaceAll(/"[^"]*"/g, '""'));
}

function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}

function fail(): never {
  throw new Error('the scenario has changed');
}
