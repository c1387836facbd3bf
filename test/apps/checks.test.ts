import { describe, expect, it } from 'vitest';
import { app as friendApp } from '../../apps/friend-app/app.js';
import { app as gitops } from '../../apps/gitops/app.js';
import { app as mysql } from '../../apps/mysql/app.js';
import { app as naverNews } from '../../apps/naver-news/app.js';
import { app as redis } from '../../apps/redis/app.js';
import { app as traefik } from '../../apps/traefik/app.js';
import { checkState } from '../../src/app/checks/check-state.js';
import { describeFinding } from '../../src/app/checks/finding.js';
import { synthesizeApp } from './synthesize-app.js';

const DEFINITIONS = { 'friend-app': friendApp, gitops, mysql, 'naver-news': naverNews, redis, traefik };

/** What checks find in all applications at once, those that are switched off too. */
function findings(settings: Readonly<Record<string, string>> = {}): string[] {
  const apps = Object.fromEntries(
    Object.entries(DEFINITIONS).map(([name, definition]) => [name, synthesizeApp(name, definition, settings)]),
  );
  const { findings: found = [] } = checkState({ revision: 'working-tree', apps, disabled: [], failed: {} });
  return found.map((finding) => `${finding.app}: ${describeFinding(finding)}`);
}

describe('apps/checks', () => {
  it.each([
    ['as they are', {}],
    ['with Redis outside of the cluster', { 'redis.mode': 'external' }],
    ['with Traefik behind a load balancer', { 'traefik.exposure': 'loadBalancer' }],
  ])('all applications together are free of mistakes, %s', (_how, settings) => {
    expect(findings(settings)).toEqual([]);
  });
});
