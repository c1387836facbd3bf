import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { ConfigMap, Manifests, type ManifestsProps, patch, PlainObject } from '../../src/constructs/index.js';
import { building, synthesize } from './synthesize.js';

const folder = new URL('../fixtures/manifests/', import.meta.url);
const scratch = mkdtempSync(join(tmpdir(), 'manifests-'));
afterAll(() => rmSync(scratch, { recursive: true }));

function file(name: string, text: string): URL {
  writeFileSync(join(scratch, name), text);
  return pathToFileURL(join(scratch, name));
}
const make = (props: ManifestsProps) => synthesize((scope) => new Manifests(scope, 'm', props));

describe('constructs/manifests', () => {
  it('a folder gives the objects of its files, with lists taken apart', () => {
    expect(make({ from: folder }).map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
      'ConfigMap settings',
      'Service shop',
      'Namespace shop',
    ]);
  });

  it('only named variables are replaced', () => {
    const [configMap] = make({ from: new URL('a.yaml', folder), replace: { HOST: 'shop.example.com' } });
    expect(configMap?.data).toEqual({ host: 'shop.example.com', shell: '${HOME}' });
  });

  it('a transform changes objects or leaves them out', () => {
    const objects = make({
      from: folder,
      transform: (manifest) =>
        manifest.kind === 'Namespace'
          ? undefined
          : { ...manifest, metadata: { ...manifest.metadata, labels: { a: 'b' } } },
    });
    expect(objects.map(({ kind, metadata }) => [kind, metadata.labels])).toEqual([
      ['ConfigMap', { a: 'b' }],
      ['Service', { a: 'b' }],
    ]);
  });

  it('one object can be found and patched', () => {
    const [, service] = synthesize((scope) => {
      patch(new Manifests(scope, 'm', { from: folder }).find('Service', 'shop'), { spec: { type: 'NodePort' } });
    });
    expect(service?.spec).toEqual({ type: 'NodePort', ports: [{ port: 80 }] });
    expect(building((scope) => new Manifests(scope, 'm', { from: folder }).find('Pod', 'x'))).toThrow('Pod "x"');
  });

  it.each([
    ['text that is no YAML', 'a: [', 'bad.yaml is not YAML'],
    ['something that is no object', 'kind: Pod', 'bad.yaml holds something without apiVersion'],
    ['a plain text', 'hello', 'bad.yaml holds something without apiVersion'],
  ])('%s is refused, and its file named', (_what, text, message) => {
    expect(() => make({ from: file('bad.yaml', text) })).toThrow(message);
  });
});

describe('constructs/plain-object', () => {
  it('is taken as it is written', () => {
    const manifest = { apiVersion: 'example.com/v1', kind: 'Backup', metadata: { name: 'b' }, spec: { z: 1, a: [2] } };
    expect(synthesize((scope) => new PlainObject(scope, 'p', manifest))).toEqual([manifest]);
  });
});

describe('constructs/config-map of a folder', () => {
  const dashboards = new URL('../fixtures/dashboards/', import.meta.url);

  it('text stays text, and everything else becomes binary data', () => {
    const [configMap] = synthesize(
      (scope) => new ConfigMap(scope, 'c', { name: 'c', labels: { grafana_dashboard: '1' }, folder: dashboards }),
    );
    expect(configMap).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'c', labels: { grafana_dashboard: '1' } },
      data: { 'jvm.json': '{ "title": "JVM" }\n' },
      binaryData: { 'logo.png': Buffer.from('\x89PNG\r\n\x1a\n\xff\x00', 'latin1').toString('base64') },
    });
  });

  it('include chooses files, and none at all is refused', () => {
    const keys = (include: RegExp) =>
      synthesize((scope) => new ConfigMap(scope, 'c', { name: 'c', folder: dashboards, include })).map(({ data }) =>
        Object.keys(data as object),
      );
    expect(keys(/\.json$/)).toEqual([['jvm.json']]);
    expect(() => keys(/\.yaml$/)).toThrow('no files');
  });
});
