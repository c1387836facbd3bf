import { describe, expect, it } from 'vitest';
import { loadClusterAccess } from '../../../src/sandbox/provider/kubeconfig.js';

const CONFIG = `
current-context: one
contexts:
  - { name: one, context: { cluster: a, user: u, namespace: work } }
  - { name: two, context: { cluster: b, user: none } }
clusters:
  - { name: a, cluster: { server: "https://a:6443/", certificate-authority-data: Y2E= } }
  - { name: b, cluster: { server: "https://b:6443", insecure-skip-tls-verify: true } }
users:
  - { name: u, user: { client-certificate-data: Y2VydA==, client-key-data: a2V5 } }
  - { name: exec, user: { exec: { command: aws } } }
`;

describe('sandbox/provider/kubeconfig', () => {
  it('the current context gives server, namespace and credentials', () => {
    expect(loadClusterAccess({ kubeconfig: CONFIG }, {})).toEqual({
      server: 'https://a:6443',
      namespace: 'work',
      skipTlsVerify: false,
      ca: 'ca',
      cert: 'cert',
      key: 'key',
    });
  });

  it('another context or cluster can be chosen', () => {
    expect(loadClusterAccess({ kubeconfig: CONFIG, context: 'two' }, {})).toEqual({
      server: 'https://b:6443',
      skipTlsVerify: true,
    });
    expect(loadClusterAccess({ kubeconfig: CONFIG, cluster: 'b' }, {})).toMatchObject({
      server: 'https://b:6443',
      cert: 'cert',
    });
  });

  it.each<[string, string, RegExp]>([
    ['no file', '/nowhere/config', /cannot read the kubeconfig \/nowhere\/config/],
    ['an unknown context', 'current-context: x\n', /no context "x"; set current-context/],
    ['no YAML', 'a: [\n', /is not YAML/],
    ['an exec credential', CONFIG.replace('user: u', 'user: exec'), /not exec/],
  ])('%s is refused with its reason', (_what, kubeconfig, message) => {
    expect(() => loadClusterAccess({ kubeconfig }, {})).toThrow(message);
  });

  it('a YAML error does not quote the file', () => {
    expect(() => loadClusterAccess({ kubeconfig: 'token: [s3cret-word\n' }, {})).toThrow(/^(?!.*s3cret-word)/s);
  });
});
