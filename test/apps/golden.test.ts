import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { app as friendApp } from '../../apps/friend-app/app.js';
import { app as gitops } from '../../apps/gitops/app.js';
import { app as mysql } from '../../apps/mysql/app.js';
import { app as naverNews } from '../../apps/naver-news/app.js';
import { app as redis } from '../../apps/redis/app.js';
import { app as traefik } from '../../apps/traefik/app.js';
import { synthesizeApp } from './synthesize-app.js';

/** Rewrites the files when PRODESK_UPDATE_GOLDEN is set; review the difference like code. */
function matchGolden(file: string, text: string): void {
  const path = join(import.meta.dirname, '__golden__', file);
  if (process.env.PRODESK_UPDATE_GOLDEN !== undefined) {
    writeFileSync(path, text);
  }
  expect(text).toBe(readFileSync(path, 'utf8'));
}

describe('apps/golden', () => {
  it.each([
    ['friend-app', friendApp, 'friend-app', {}],
    ['gitops', gitops, 'gitops', {}],
    ['mysql', mysql, 'mysql', {}],
    ['naver-news', naverNews, 'naver-news', {}],
    ['redis', redis, 'redis', {}],
    ['redis', redis, 'redis.external', { 'redis.mode': 'external' }],
    ['traefik', traefik, 'traefik', {}],
    ['traefik', traefik, 'traefik.load-balancer', { 'traefik.exposure': 'loadBalancer' }],
  ] as const)('%s, %#: objects are the reviewed ones', (name, definition, file, settings) => {
    const { objects } = synthesizeApp(name, definition, settings);
    const text = objects.map((object) => `---\n${stringify(object, { lineWidth: 0, version: '1.1' })}`).join('');
    matchGolden(`${file}.yaml`, text);
  });
});
