import { describe, expect, it } from 'vitest';
import type { DeployApp } from '../../src/app/deployment.js';
import { sharedNamespaces } from '../../src/app/shared-namespaces.js';
import { manifestOf } from './json-value.js';

function app(namespace: string, fields: Partial<DeployApp> = {}): DeployApp {
  return { name: 'x', namespace, createNamespace: true, objects: [], ...fields };
}

describe('app/shared-namespaces', () => {
  it.each<[string, DeployApp[], string[]]>([
    ['no applications need none', [], []],
    [
      'a shared namespace is listed once',
      [app('prodesk'), app('monitoring'), app('prodesk')],
      ['monitoring', 'prodesk'],
    ],
    [
      'an application that does not want its namespace made adds none',
      [app('prodesk', { createNamespace: false })],
      [],
    ],
    ['one that every cluster has is left alone', [app('kube-system'), app('default')], []],
    [
      'an application that declares its own adds none',
      [app('own', { objects: [manifestOf('Namespace', { metadata: { name: 'own' } })] })],
      [],
    ],
    [
      'one that declares another namespace still needs its own',
      [app('own', { objects: [manifestOf('Namespace', { metadata: { name: 'other' } })] })],
      ['own'],
    ],
  ])('%s', (_rule, apps, namespaces) => {
    expect(sharedNamespaces(apps)).toEqual(namespaces);
  });
});
