import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { ApiObject, ConfigMap, Manifests, type ManifestsProps, patch } from '../../src/constructs/index.js';
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
    ['text that is no YAML', 'a: [', 'bad.yaml, line 1: not valid YAML'],
    ['something that is no object', 'kind: Pod', 'document 1 of bad.yaml, line 1'],
    ['a plain text', 'hello', 'document 1 of bad.yaml, line 1'],
  ])('%s is refused, and its file named', (_what, text, message) => {
    expect(() => make({ from: file('bad.yaml', text) })).toThrow(message);
  });
});

describe('constructs/api-object', () => {
  it('can be patched', () => {
    const manifest = {
      apiVersion: 'example.com/v1',
      kind: 'Backup',
      metadata: { name: 'b' },
      spec: { z: null, a: [2] },
    };
    const [object] = synthesize((scope) => patch(new ApiObject(scope, 'p', manifest), { spec: { keep: 7 } }));
    expect(object).toEqual({ ...manifest, spec: { z: null, a: [2], keep: 7 } });
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
