import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findClusterAccess } from '../../src/cluster/find-access.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'prodesk-access-'));
  mkdirSync(join(folder, '.kube'));
  mkdirSync(join(folder, 'account'));
  writeFileSync(join(folder, '.kube', 'config'), kubeconfig('home'));
  writeFileSync(join(folder, 'named'), kubeconfig('named'));
  writeFileSync(join(folder, 'account', 'token'), 'pod-token');
  writeFileSync(join(folder, 'account', 'ca.crt'), 'pod CA');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function kubeconfig(host: string): string {
  return JSON.stringify({
    'current-context': 'x',
    clusters: [{ name: 'c', cluster: { server: `https://${host}` } }],
    contexts: [{ name: 'x', context: { cluster: 'c' } }],
  });
}

describe('cluster/find-access', () => {
  const inPod = { KUBERNETES_SERVICE_HOST: '10.43.0.1', KUBERNETES_SERVICE_PORT: '443' };

  it.each<[rule: string, env: () => Record<string, string>, kubeconfig: string | undefined, server: string]>([
    ['a named file wins over all', () => ({ KUBECONFIG: '/nowhere', ...inPod }), 'named', 'https://named'],
    [
      'KUBECONFIG wins over the service account',
      () => ({ KUBECONFIG: join(folder, 'named'), ...inPod }),
      undefined,
      'https://named',
    ],
    [
      'files of KUBECONFIG that are not there are left out',
      () => ({ KUBECONFIG: `/nowhere:${join(folder, 'named')}` }),
      undefined,
      'https://named',
    ],
    ['the service account wins over the home folder', () => inPod, undefined, 'https://10.43.0.1:443'],
    [
      'an IPv6 service address is put in brackets',
      () => ({ ...inPod, KUBERNETES_SERVICE_HOST: 'fd00::1' }),
      undefined,
      'https://[fd00::1]:443',
    ],
    ['else the file of the home folder is used', () => ({}), undefined, 'https://home'],
  ])('%s', (_rule, env, name, server) => {
    const access = findClusterAccess({
      env: { HOME: folder, ...env() },
      serviceAccountDirectory: join(folder, 'account'),
      ...(name === undefined ? {} : { kubeconfig: join(folder, name) }),
    });
    expect(access.server).toBe(server);
  });

  it('the token of the service account is a file, to be read again when it is renewed', () => {
    const access = findClusterAccess({ env: inPod, serviceAccountDirectory: join(folder, 'account') });
    expect(access).toMatchObject({
      ca: 'pod CA',
      identity: { kind: 'token-file', path: join(folder, 'account', 'token') },
    });
  });

  it('nothing found is refused with what to do', () => {
    expect(() => findClusterAccess({ env: { HOME: '/nowhere' }, serviceAccountDirectory: '/nowhere' })).toThrow(
      /set KUBECONFIG/,
    );
  });
});
