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
    ['a broken map', 'kind: X\na: [1', 5, 'not valid YAML (bad indent)'],
    ['an alias of nothing', 'kind: X\na: *x', 3, 'aliases are expanded too often or lead nowhere'],
    [
      'a number that would be rounded',
      'kind: X\na: 12345678901234567890',
      3,
      'a number is too large to be kept exactly; quote it',
    ],
    ['a merge of what is no map', 'kind: X\na:\n  <<: 5', 3, 'what is merged (<<) is not a map'],
    ['an unknown tag', 'kind: X\na: !vault x', 4, 'not valid YAML (tag resolve failed)'],
    [
      'a template that is not YAML',
      'kind: Pod\n{{- if .Values.x }}\na: b\n{{- end }}',
      4,
      'not valid YAML (multiline implicit key); it is a template ({{ ... }}): import what `helm template` prints',
    ],
    [
      'a template that is YAML',
      'kind: Pod\na: {{ name }}',
      3,
      'a key is a map or a list; it is a template ({{ ... }}): import what `helm template` prints',
    ],
    ['no name', 'kind: Pod\napiVersion: v1\nmetadata: {}', 3, 'metadata.name is missing'],
    ['no version', 'kind: Pod\nmetadata: {name: x}', 3, 'apiVersion is missing'],
    [
      'a generated name',
      'kind: Pod\napiVersion: v1\nmetadata: {generateName: x-}',
      3,
      'metadata.generateName makes a new object each time; give it a name',
    ],
    [
      'a label that is a number',
      'kind: Pod\napiVersion: v1\nmetadata: {name: x, labels: {build: 12}}',
      3,
      'metadata.labels.build is not text; quote it',
    ],
    [
      'a Secret that is not base64',
      'kind: Secret\napiVersion: v1\nmetadata: {name: x}\ndata: {a: "sentinel!"}',
      3,
      'Secret x: data.a is not base64',
    ],
    [
      'something else than a Secret that SOPS encrypted',
      'kind: ConfigMap\napiVersion: v1\nmetadata: {name: x}\nsops: {mac: y}',
      3,
      'encrypted by SOPS, and not a Secret: decrypt it first',
    ],
  ])('refuses %s, and takes the documents around it', (_what, text, line, reason) => {
    const object = (name: string): string => `{apiVersion: v1, kind: Pod, metadata: {name: ${name}}}`;
    const { objects, refused } = parseManifests([object('before'), text, object('after')].join('\n---\n'), 'web.yaml');
    expect(objects.map(({ manifest }) => manifest.metadata.name)).toEqual(['before', 'after']);
    expect(refused).toEqual([{ origin: { file: 'web.yaml', document: 2, line }, reason }]);
  });

  it('passes over what cannot be read and has nothing of an object', () => {
    const { skipped, refused } = parseManifests('image: {{ of a chart }}', 'values.yaml');
    expect(skipped).toHaveLength(1);
    expect(refused).toEqual([]);
  });

  it('takes the last of a key that is there twice, as Kubernetes does, and says so', () => {
    const { objects } = parseManifests(
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata:\n  a: "1"\n  a: "2"',
      'web.yaml',
    );
    expect(objects[0]?.manifest.data).toEqual({ a: '2' });
    expect(objects[0]?.notes).toEqual(['the key on line 6 is there twice in its map; the last one counts']);
  });

  it.each([
    [
      'fields that are null',
      'metadata: {name: x, namespace: null, labels: {a: null, b: c}}',
      { metadata: { name: 'x', labels: { b: 'c' } } },
    ],
    ['values of data that are null', 'metadata: {name: x}\ndata:\n  a:', { data: { a: '' } }],
    ['a kind that only ends like a list', 'metadata: {name: x}\nitems: [1]', { items: [1] }],
  ])('takes %s', (_what, text, expected) => {
    const kind = text.includes('items') ? 'AllowList' : 'ConfigMap';
    expect(parseManifests(`apiVersion: v1\nkind: ${kind}\n${text}`, 'x.yaml').objects[0]?.manifest).toMatchObject(
      expected,
    );
  });

  it('refuses a bomb of aliases quickly', () => {
    const level = (name: string, of: string): string => `${name}: &${name} [${Array(9).fill(of).join(', ')}]`;
    const text = [level('a', 'x'), level('b', '*a'), level('c', '*b'), level('d', '*c'), level('e', '*d')].join('\n');
    expect(parseManifests(`kind: X\n${text}`, 'bomb.yaml').refused).toMatchObject([
      { reason: 'aliases are expanded too often or lead nowhere' },
    ]);
  });

  it('never shows the text that it cannot read', () => {
    for (const [text, file] of [
      ['kind: x\npassword: "sentinel', 'a.yaml'],
      ['{"password": "sentinel" x', 'a.json'],
    ] as const) {
      const { skipped, refused } = parseManifests(text, file);
      expect([...skipped, ...refused]).toHaveLength(1);
      expect(JSON.stringify({ skipped, refused })).not.toContain('sentinel');
    }
  });

  it('passes over what is no object, and what a controller makes', () => {
    const { objects, skipped } = parseManifests(
      [
        'replicas: 3',
        '{apiVersion: v1, kind: Pod, metadata: {name: x, ownerReferences: [{kind: ReplicaSet, name: y}]}}',
        '{apiVersion: kustomize.config.k8s.io/v1alpha1, kind: Component, resources: [a.yaml]}',
      ].join('\n---\n'),
      'mixed.yaml',
    );
    expect(objects).toEqual([]);
    expect(skipped.map(({ origin: { document, line }, reason }) => [document, line, reason])).toEqual([
      [1, 1, 'not a Kubernetes object: it has neither apiVersion nor kind'],
      [2, 3, 'Pod x belongs to a controller, which makes it (ownerReferences)'],
      [3, 5, 'Component is no object of a cluster: it has no metadata'],
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

  describe('a Secret that SOPS encrypted', () => {
    const sealed = (recipients: string, name = 'db'): string =>
      `apiVersion: v1\nkind: Secret\nmetadata: {name: ${name}}\nstringData: {TOKEN: "ENC[x]"}\ndata: {KEY: "ENC[y]"}\nsops: {mac: y, ${recipients}}`;
    const fileOf = (text: string, file: string): string | undefined =>
      parseManifests(text, file).objects[0]?.encrypted?.file?.path;

    it('has stand-ins for its values', () => {
      const [object] = parseManifests(sealed('age: [{}]'), 'secret.enc.yaml').objects;
      expect(object?.manifest).toMatchObject({
        stringData: { TOKEN: 'encrypted value of TOKEN' },
        data: { KEY: Buffer.from('encrypted value of KEY').toString('base64') },
      });
      expect(object?.manifest).not.toHaveProperty('sops');
    });

    it.each([
      ['its own name', 'a/token.sops.yaml', 'token.sops.yaml'],
      ['the name of its Secret', 'a/token.enc.yaml', 'db.sops.yaml'],
    ])('keeps its file under %s', (_what, file, expected) => {
      expect(fileOf(sealed('age: [{}]'), file)).toBe(expected);
    });

    it('keeps no file that is for other keys than age, or has several documents', () => {
      expect(fileOf(sealed('pgp: [{}]'), 'a.sops.yaml')).toBeUndefined();
      expect(fileOf(`${sealed('age: [{}]')}\n---\n${sealed('age: [{}]', 'b')}`, 'a.sops.yaml')).toBeUndefined();
    });
  });
});
