import { describe, expect, it } from 'vitest';
import { releaseOf, sumIn } from '../../../src/sandbox/toolchain/release.js';

const LINUX = { os: 'linux', arch: 'amd64' };
const MAC = { os: 'darwin', arch: 'arm64' };
const SUM = 'a'.repeat(64);

describe('sandbox/toolchain/release', () => {
  it.each([
    ['pulumi', 'v3.259.0', LINUX, 'https://get.pulumi.com/releases/sdk/pulumi-v3.259.0-linux-x64.tar.gz'],
    ['pulumi', 'v3.259.0', MAC, 'https://get.pulumi.com/releases/sdk/pulumi-v3.259.0-darwin-arm64.tar.gz'],
    ['kube-apiserver', 'v1.36.3', LINUX, 'https://dl.k8s.io/v1.36.3/bin/linux/amd64/kube-apiserver'],
    ['kwok', 'v0.8.0', MAC, 'https://github.com/kubernetes-sigs/kwok/releases/download/v0.8.0/kwok-darwin-arm64'],
    [
      'etcd',
      'v3.7.3',
      LINUX,
      'https://github.com/etcd-io/etcd/releases/download/v3.7.3/etcd-v3.7.3-linux-amd64.tar.gz',
    ],
    [
      'crane',
      'v0.22.1',
      LINUX,
      'https://github.com/google/go-containerregistry/releases/download/v0.22.1/go-containerregistry_Linux_x86_64.tar.gz',
    ],
    [
      'kustomize',
      'v5.8.1',
      MAC,
      'https://github.com/kubernetes-sigs/kustomize/releases/download/kustomize%2Fv5.8.1/kustomize_v5.8.1_darwin_arm64.tar.gz',
    ],
  ] as const)('%s %s for %o is at %s', (name, version, platform, url) => {
    expect(releaseOf(name, version, platform)?.url).toBe(url);
  });

  it.each([
    ['kube-apiserver', MAC],
    ['etcd', MAC],
    ['crane', { os: 'win32', arch: 'amd64' }],
    ['pulumi', { os: 'linux', arch: 's390x' }],
    ['pulumi-resource-kubernetes', LINUX],
  ] as const)('%s has no download for %o', (name, platform) => {
    expect(releaseOf(name, 'v1.0.0', platform)).toBeUndefined();
  });

  it.each([
    [`${SUM}\n`, SUM],
    [`${'b'.repeat(64)}  other\n${SUM}  file.tar.gz\n`, SUM],
    [`${SUM} *file.tar.gz\n`, SUM],
    [`${SUM}  my-file.tar.gz\n${SUM}  other\n`, undefined],
    ['<html>not found</html>', undefined],
    ['', undefined],
  ])('finds the sum in %j', (list, sum) => {
    expect(sumIn(list, 'file.tar.gz')).toBe(sum);
  });
});
