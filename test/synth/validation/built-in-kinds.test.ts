import { describe, expect, it } from 'vitest';
import { secretMarker } from '../../../src/app/secret-marker.js';
import { SchemaCatalog } from '../../../src/synth/validation/catalog.js';
import { validateObjects } from '../../../src/synth/validation/validate-objects.js';

const catalog = new SchemaCatalog();
const problemsOf = (object: unknown): string[] =>
  validateObjects(catalog, [object]).problems.map(({ path, message }) => `${path}: ${message}`);

const container = (more: object = {}): object => ({ name: 'web', image: 'example.com/web:1', ...more });
const deployment = (pod: object, spec: object = {}): object => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: pod },
    ...spec,
  },
});
const pod = (more: object): object => deployment({ containers: [container(more)] });
const service = (spec: object): object => ({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, spec });
const secret = (more: object): object => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'web' }, ...more });
const CONTAINER = 'spec.template.spec.containers[0]';

describe('synth/validation/built-in-kinds', () => {
  it.each<[mistake: string, object: object, problem: string]>([
    ['a mistyped field', pod({ resource: {} }), `${CONTAINER}.resource: unknown field, did you mean "resources"?`],
    [
      'a field of another case',
      pod({ ports: [{ containerport: 80 }] }),
      `${CONTAINER}.ports[0].containerport: unknown field, did you mean "containerPort"?`,
    ],
    [
      'a field on the wrong level',
      deployment({ containers: [container()] }, { containers: [] }),
      'spec.containers: unknown field',
    ],
    [
      'a mistyped top-level field',
      { ...secret({}), stringdata: {} },
      'stringdata: unknown field, did you mean "stringData"?',
    ],
    ['a mistyped metadata field', { ...service({}), metadata: { name: 'x', label: {} } }, 'metadata.label: unknown'],
    ['a text for a number', deployment({}, { replicas: '2' }), 'spec.replicas: must be a whole number, not a string'],
    ['a fraction', deployment({}, { replicas: 1.5 }), 'spec.replicas: must be a whole number, not a fraction'],
    ['a number beyond its bits', deployment({}, { replicas: 2 ** 31 }), 'spec.replicas: must fit into 32 bits'],
    [
      'a number for a text',
      pod({ env: [{ name: 'A', value: 1 }] }),
      `${CONTAINER}.env[0].value: must be a string, not a number`,
    ],
    ['a text for a truth value', pod({ tty: 'true' }), `${CONTAINER}.tty: must be true or false, not a string`],
    ['a text for a list', pod({ args: '--x' }), `${CONTAINER}.args: must be a list, not a string`],
    [
      'a list for an object',
      pod({ securityContext: [] }),
      `${CONTAINER}.securityContext: must be an object, not a list`,
    ],
    [
      'a label that is a number',
      { ...service({}), metadata: { name: 'x', labels: { 'a.b/c': 1 } } },
      'metadata.labels["a.b/c"]: must be a string, not a number',
    ],
    ['a list that is missing', deployment({}), 'spec.template.spec.containers: is required'],
    [
      'a name that is missing',
      deployment({ containers: [{ image: 'x' }] }),
      'spec.template.spec.containers[0].name: is required',
    ],
    ['a required field that is null', deployment({ containers: null }), 'spec.template.spec.containers: is required'],
    [
      'a word that is not among those allowed',
      pod({ imagePullPolicy: 'always' }),
      `${CONTAINER}.imagePullPolicy: must be one of Always, IfNotPresent, Never, not "always", did you mean "Always"?`,
    ],
    [
      'a quantity with a wrong unit',
      pod({ resources: { limits: { memory: '512MB' } } }),
      `${CONTAINER}.resources.limits.memory: must be a quantity such as "500m", "0.5" or "1Gi"`,
    ],
    [
      'a quantity that is true',
      pod({ resources: { limits: { cpu: true } } }),
      `${CONTAINER}.resources.limits.cpu: must be a quantity such as "500m", not a boolean`,
    ],
    [
      'a port that is a fraction',
      service({ ports: [{ port: 80, targetPort: 80.5 }] }),
      'spec.ports[0].targetPort: must be a whole number or a string, not a fraction',
    ],
    ['Secret data that is plain', secret({ data: { a: 'plain text' } }), 'data.a: must be base64'],
    [
      'a time without a zone',
      { ...service({}), metadata: { name: 'x', creationTimestamp: '2026-01-01' } },
      'metadata.creationTimestamp: must be a time such as "2026-01-31T12:00:00Z"',
    ],
    [
      'a variable twice',
      pod({ env: [{ name: 'A' }, { name: 'B' }, { name: 'A' }] }),
      `${CONTAINER}.env[2]: has the same name as item 0`,
    ],
    [
      'a port twice, once with the default protocol',
      pod({ ports: [{ containerPort: 80 }, { containerPort: 80, protocol: 'TCP' }] }),
      `${CONTAINER}.ports[1]: has the same containerPort and protocol as item 0`,
    ],
    [
      'a mistyped kind',
      { ...deployment({}), kind: 'Deploymnet' },
      'kind: apps/v1 has no kind "Deploymnet", did you mean "Deployment"?',
    ],
  ])('%s is found', (_mistake, object, problem) => {
    expect(problemsOf(object).join('\n')).toContain(problem);
  });

  it.each<[what: string, object: object]>([
    ['a complete Deployment', pod({ resources: { limits: { cpu: 1, memory: '1Gi' }, requests: { cpu: '.5' } } })],
    ['null where nothing is required', pod({ args: null, env: null })],
    ['an empty word for the default', pod({ imagePullPolicy: '' })],
    [
      'a port by name, and by number',
      service({
        ports: [
          { port: 1, targetPort: 'http' },
          { port: 2, targetPort: 2 },
        ],
      }),
    ],
    ['a port for two protocols', service({ ports: [{ port: 1 }, { port: 1, protocol: 'UDP' }] })],
    ['secret markers as texts', secret({ stringData: { a: secretMarker('x.A') } })],
    ['secret markers in base64', secret({ data: { a: secretMarker('x.A'), b: 'QUI=', c: '' } })],
    [
      'free JSON',
      { apiVersion: 'apps/v1', kind: 'ControllerRevision', metadata: { name: 'x' }, revision: 1, data: { any: [1] } },
    ],
  ])('%s is fine', (_what, object) => {
    expect(problemsOf(object)).toEqual([]);
  });

  it('all problems of an object are told, each at its place', () => {
    expect(problemsOf(pod({ image: 1, comand: [], env: [{ value: true }] }))).toEqual([
      `${CONTAINER}.image: must be a string, not a number`,
      `${CONTAINER}.comand: unknown field, did you mean "command"?`,
      `${CONTAINER}.env[0].value: must be a string, not a boolean`,
      `${CONTAINER}.env[0].name: is required`,
    ]);
  });

  it('a message never tells a text that may be secret', () => {
    const wrong = [
      secret({ data: { a: 'hunter2!' } }),
      secret({ stringData: { a: 12345678 } }),
      secret({ data: 'hunter2!' }),
    ];
    expect(wrong.flatMap(problemsOf).join()).not.toMatch(/hunter2|12345678/);
    expect(wrong.flatMap(problemsOf)).toHaveLength(3);
  });
});
