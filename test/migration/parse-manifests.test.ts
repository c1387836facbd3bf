import { describe, expect, it } from 'vitest';
import { parseManifests } from '../../src/migration/parse-manifests.js';

const named = (text: string): string[] =>
  parseManifests(text, 'web.yaml').objects.map(({ manifest }) => `${manifest.kind} ${manifest.metadata.name}`);

describe('migration/parse-manifests', () => {
  it('takes documents and lists apart, lists in lists too', () => {
    const text = [
      '# nothing',
      '---',
      '{apiVersion: v1, kind: ConfigMap, metadata: {name: one}}',
      '---',
      'apiVersion: v1',
      'kind: List',
      'items:',
      '  - {apiVersion: v1, kind: Service, metadata: {name: two}}',
      '  - {apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: Pod, metadata: {name: three}}]}',
      '---',
      '{apiVersion: apps/v1, kind: DeploymentList, items: [{metadata: {name: four}}]}',
    ].join('\n');
    expect(named(text)).toEqual(['ConfigMap one', 'Service two', 'Pod three', 'Deployment four']);
  });

  it.each([
    ['octal numbers', 'mode: 0644', { mode: 420 }],
    ['yes and no as booleans', 'on: yes', { true: true }],
    ['times as text', 'day: 2026-01-02', { day: '2026-01-02' }],
    ['numbers with a colon as text', 'port: 22:22', { port: '22:22' }],
    ['anchors and merges', 'a: &a {x: 1}\nb: {<<: *a, z: 2}', { a: { x: 1 }, b: { x: 1, z: 2 } }],
    ['Windows line ends', 'a: 1\r\nb: |\r\n  x\r\n', { a: 1, b: 'x\n' }],
  ])('reads %s as Kubernetes does', (_what, spec, expected) => {
    const indented = spec.replaceAll(/(^|\n)(?!$)/g, '$1  ');
    const [object] = parseManifests(
      `apiVersion: x/v1\nkind: X\nmetadata: {name: x}\nspec:\n${indented}`,
      'x.yaml',
    ).objects;
    expect(object?.manifest.spec).toEqual(expected);
  });

  it.each([
    ['a key given twice', 'a: 1\nb: 2\na: 3', 'web.yaml, line 3: a key is there twice in one map'],
    ['a broken map', 'a: [1', 'web.yaml, line 1: not valid YAML (bad indent)'],
    ['an alias of nothing', 'a: *x', 'web.yaml, line 1: aliases are expanded too often or lead nowhere'],
    [
      'a number that would be rounded',
      'a: 12345678901234567890',
      'web.yaml, line 1: a number is too large to be kept exactly; quote it',
    ],
    ['an unknown tag', 'a: !vault x', 'web.yaml, line 1: not valid YAML (tag resolve failed)'],
    ['no name', 'kind: Pod\napiVersion: v1\nmetadata: {}', 'web.yaml, document 1 (line 1): metadata.name is missing'],
    ['no version', '---\nkind: Pod\nmetadata: {name: x}', 'web.yaml, document 1 (line 2): apiVersion is missing'],
    [
      'a generated name',
      'kind: Pod\napiVersion: v1\nmetadata: {generateName: x-}',
      'web.yaml, document 1 (line 1): metadata.generateName makes a new object each time; give it a name',
    ],
    [
      'a label that is a number',
      'kind: Pod\napiVersion: v1\nmetadata: {name: x, labels: {build: 12}}',
      'web.yaml, document 1 (line 1): metadata.labels.build is not text; quote it',
    ],
  ])('says where there is %s', (_what, text, message) => {
    expect(() => parseManifests(text, 'web.yaml')).toThrow(message);
  });

  it('refuses a bomb of aliases quickly', () => {
    const level = (name: string, of: string): string => `${name}: &${name} [${Array(9).fill(of).join(', ')}]`;
    const text = [level('a', 'x'), level('b', '*a'), level('c', '*b'), level('d', '*c'), level('e', '*d')].join('\n');
    expect(() => parseManifests(text, 'bomb.yaml')).toThrow('bomb.yaml, line 1: aliases are expanded too often');
  });

  it('never shows the text that it cannot read', () => {
    for (const [text, file] of [
      ['password: "sentinel', 'a.yaml'],
      ['{"password": "sentinel" x', 'a.json'],
    ] as const) {
      expect(() => parseManifests(text, file)).toThrow(/^(?!.*sentinel)/);
    }
  });

  it('passes over what is no object, and what a controller makes', () => {
    const { objects, skipped } = parseManifests(
      'replicas: 3\n---\n{apiVersion: v1, kind: Pod, metadata: {name: x, ownerReferences: [{kind: ReplicaSet, name: y}]}}',
      'mixed.yaml',
    );
    expect(objects).toEqual([]);
    expect(skipped.map(({ origin: { document, line }, reason }) => [document, line, reason])).toEqual([
      [1, 1, 'not a Kubernetes object: it has neither apiVersion nor kind'],
      [2, 3, 'Pod x belongs to a controller, which makes it (ownerReferences)'],
    ]);
  });

  it('leaves out what the API server wrote, and says so', () => {
    const [object] = parseManifests(
      [
        'apiVersion: apps/v1',
        'kind: Deployment',
        'metadata:',
        '  name: x',
        '  uid: 1-2',
        '  annotations: {kubectl.kubernetes.io/last-applied-configuration: "sentinel", keep: "1"}',
        'spec: {template: {metadata: {creationTimestamp: null, labels: {a: b}}}}',
        'status: {replicas: 1}',
      ].join('\n'),
      'live.yaml',
    ).objects;
    expect(object?.manifest).toEqual({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'x', annotations: { keep: '1' } },
      spec: { template: { metadata: { labels: { a: 'b' } } } },
    });
    expect(object?.notes).toEqual(['left out what the API server writes: status, metadata.uid, metadata.annotations']);
  });

  it('keeps an encrypted Secret with stand-ins for its values', () => {
    const text =
      'apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {TOKEN: "ENC[AES256_GCM,data:x]"}\nsops: {mac: y}';
    const [object] = parseManifests(text, 'secret.enc.yaml').objects;
    expect(object).toMatchObject({ encrypted: true, manifest: { stringData: { TOKEN: 'encrypted value of TOKEN' } } });
    expect(object?.manifest).not.toHaveProperty('sops');
  });
});
