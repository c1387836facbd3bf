import { describe, expect, it } from 'vitest';
import { overrideVariable, PROGRAMS, versionIn } from '../../../src/sandbox/toolchain/programs.js';

describe('sandbox/toolchain/programs', () => {
  it.each([
    ['v3.259.0\n', 'v3.259.0'],
    ['Kubernetes v1.36.3\n', 'v1.36.3'],
    ['etcd Version: 3.7.3\nGit SHA: Not provided\nGo Version: go1.26.8\n', 'v3.7.3'],
    ['kwok version v0.8.0 go1.26.8 (linux/amd64)', 'v0.8.0'],
    ['0.22.1', 'v0.22.1'],
    ['v1.36.0-rc.1', 'v1.36.0-rc.1'],
    ['', undefined],
    ['(devel)', undefined],
  ])('reads the version in %j', (output, version) => {
    expect(versionIn(output)).toBe(version);
  });

  it('a program is overridden by a variable that is named after it', () => {
    expect(overrideVariable('kube-controller-manager')).toBe('PRODESK_KUBE_CONTROLLER_MANAGER_BIN');
  });

  it('the version is linked into programs that would not know it', () => {
    expect(PROGRAMS['kube-apiserver'].ldflags('v1.36.3')).toContain('version.gitMinor=36');
    expect(PROGRAMS.pulumi.ldflags('v3.259.0')).toMatch(/version\.Version=v3\.259\.0$/);
  });
});
