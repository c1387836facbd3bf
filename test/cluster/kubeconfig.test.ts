import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { Identity } from '../../src/cluster/access.js';
import { loadKubeconfig } from '../../src/cluster/kubeconfig.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'prodesk-kubeconfig-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : stringify(content));
  return path;
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

function config(user: object, cluster: object = {}) {
  return {
    'current-context': 'x',
    clusters: [{ name: 'c', cluster: { server: 'https://192.0.2.1:6443/', ...cluster } }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
  };
}

describe('cluster/kubeconfig', () => {
  it.each<[what: string, user: object, expected: () => Identity]>([
    ['a token', { token: 't0ken' }, () => ({ kind: 'token', token: 't0ken' })],
    [
      'a token file, which wins over a token and is relative to the kubeconfig',
      { token: 't', tokenFile: 'token' },
      () => ({ kind: 'token-file', path: join(folder, 'token') }),
    ],
    [
      'certificate data',
      { 'client-certificate-data': base64('cert'), 'client-key-data': base64('key') },
      () => ({ kind: 'certificate', certificate: 'cert', key: 'key' }),
    ],
    [
      'certificate files',
      { 'client-certificate': 'tls.crt', 'client-key': 'tls.key' },
      () => ({ kind: 'certificate', certificate: 'file cert', key: 'file key' }),
    ],
    [
      'a credential plugin',
      {
        exec: {
          apiVersion: 'client.authentication.k8s.io/v1',
          command: './plugin',
          args: ['a'],
          env: [{ name: 'A', value: 'b' }],
        },
      },
      () => ({
        kind: 'exec',
        plugin: {
          apiVersion: 'client.authentication.k8s.io/v1',
          command: join(folder, 'plugin'),
          args: ['a'],
          env: { A: 'b' },
        },
      }),
    ],
    ['nothing', {}, () => ({ kind: 'none' })],
  ])('%s is read as the identity', (_what, user, expected) => {
    write('tls.crt', 'file cert');
    write('tls.key', 'file key');
    expect(loadKubeconfig([write('config', config(user))]).identity).toEqual(expected());
  });

  it('the server, its authority and its name are read', () => {
    const path = write('config', config({}, { 'certificate-authority-data': base64('CA'), 'tls-server-name': 'k3s' }));
    expect(loadKubeconfig([path])).toMatchObject({
      server: 'https://192.0.2.1:6443',
      ca: 'CA',
      serverName: 'k3s',
      insecure: false,
    });
  });

  it('an authority file and the insecure flag are read', () => {
    write('ca.crt', 'file CA');
    const path = write('config', config({}, { 'certificate-authority': 'ca.crt', 'insecure-skip-tls-verify': true }));
    expect(loadKubeconfig([path])).toMatchObject({ ca: 'file CA', insecure: true });
  });

  it('the named context is used instead of the current one', () => {
    const content = config({ token: 'a' });
    content.users.push({ name: 'v', user: { token: 'b' } });
    content.contexts.push({ name: 'y', context: { cluster: 'c', user: 'v' } });
    expect(loadKubeconfig([write('config', content)], 'y').identity).toEqual({ kind: 'token', token: 'b' });
  });

  it('entries of several files are joined, and the first of a name wins', () => {
    const first = write('first', { 'current-context': 'x', users: [{ name: 'u', user: { token: 'first' } }] });
    const second = write('second', config({ token: 'second' }));
    expect(loadKubeconfig([first, second]).identity).toEqual({ kind: 'token', token: 'first' });
  });

  it.each<[what: string, content: unknown, message: RegExp]>([
    ['no YAML', '{', /kubeconfig .*bad cannot be read/],
    ['an empty file', '', /no current-context/],
    ['a list instead of a map', [], /kubeconfig .*bad: .*expected object/],
    ['a context that is not there', { 'current-context': 'gone' }, /no context named "gone"/],
    ['a cluster that is not there', { ...config({}), clusters: [] }, /no cluster named "c"/],
    ['a user that is not there', { ...config({}), users: [] }, /no user named "u"/],
    ['a server that is no URL', config({}, { server: 'here' }), /server "here" is not a URL/],
    ['a proxy', config({}, { 'proxy-url': 'http://p' }), /proxy-url is not supported/],
    ['an old auth provider', config({ 'auth-provider': { name: 'gcp' } }), /user "u": auth-provider is not supported/],
    ['impersonation', config({ as: 'root' }), /user "u": as is not supported/],
    ['a certificate without its key', config({ 'client-certificate-data': base64('c') }), /needs both/],
    ['a file that is not there', config({ 'client-certificate': 'gone.crt' }), /ENOENT.*gone\.crt/],
  ])('%s is refused with what is wrong', (_what, content, message) => {
    expect(() => loadKubeconfig([write('bad', content)])).toThrow(message);
  });

  it('a missing file is refused by its path', () => {
    expect(() => loadKubeconfig(['/nowhere/config'])).toThrow(/\/nowhere\/config cannot be read/);
  });

  it('a file that cannot be parsed is told by its place, without its content', () => {
    const path = write('cut', '{}');
    writeFileSync(path, 'users:\n- name: u\n  user: {token: sentinel');
    expect(() => loadKubeconfig([path])).toThrow(/cannot be read: .* line 3/);
    expect(() => loadKubeconfig([path])).not.toThrow(/sentinel/);
  });
});
