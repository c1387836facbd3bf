/** One object that is wrong, and what is said about it. */
export interface Mistake {
  readonly what: string;
  readonly object: KubeObject;
  /** The beginning of what is said. */
  readonly problem: string;
}

/** An object as its author wrote it. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
}

const CONTAINER = 'spec.template.spec.containers[0]';
const object = (apiVersion: string, kind: string, more: object = {}): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name: 'web' },
  ...more,
});
const deployment = (podSpec: object, spec: object = {}): KubeObject =>
  object('apps/v1', 'Deployment', {
    spec: {
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: podSpec },
      ...spec,
    },
  });
const pod = (more: object, spec: object = {}): KubeObject =>
  deployment({ containers: [{ name: 'web', image: 'example.com/web:1', ...more }] }, spec);
const service = (spec: object): KubeObject => object('v1', 'Service', { spec: { ports: [{ port: 80 }], ...spec } });
const ingress = (path: object): KubeObject =>
  object('networking.k8s.io/v1', 'Ingress', { spec: { rules: [{ host: 'a.example.com', http: { paths: [path] } }] } });
const backend = { service: { name: 'web', port: { number: 80 } } };
const job = {
  template: { spec: { restartPolicy: 'Never', containers: [{ name: 'job', image: 'example.com/job:1' }] } },
};
const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };

const row = (what: string, wrong: KubeObject, problem: string): Mistake => ({ what, object: wrong, problem });

/** Mistakes that the API server refuses as well. */
export const MISTAKES: readonly Mistake[] = [
  row('a mistyped field', pod({ resource: {} }), `${CONTAINER}.resource: unknown field, did you mean "resources"?`),
  row(
    'a field of another case',
    pod({ ports: [{ containerport: 80 }] }),
    `${CONTAINER}.ports[0].containerport: unknown field, did you mean "containerPort"?`,
  ),
  row(
    'a field on the wrong level',
    pod({}, { containers: [] }),
    'spec.containers: unknown field here, but known in spec.template.spec',
  ),
  row(
    'a field of containers in their pod',
    deployment({ containers: [{ name: 'web', image: 'x' }], livenessProbe: {} }),
    'spec.template.spec.livenessProbe: unknown field here, but known in spec.template.spec.containers[]',
  ),
  row(
    'a mistyped top-level field',
    object('v1', 'Secret', { stringdata: {} }),
    'stringdata: unknown field, did you mean "stringData"?',
  ),
  row(
    'a mistyped metadata field',
    { ...service({}), metadata: { name: 'web', label: {} } },
    'metadata.label: unknown field, did you mean "labels"?',
  ),
  row('a text for a number', pod({}, { replicas: '2' }), 'spec.replicas: must be a whole number, not a string'),
  row('a fraction', pod({}, { replicas: 1.5 }), 'spec.replicas: must be a whole number, not a fraction'),
  row('a number beyond its bits', pod({}, { replicas: 2 ** 31 }), 'spec.replicas: must fit into 32 bits'),
  row(
    'a number for a text',
    pod({ env: [{ name: 'A', value: 1 }] }),
    `${CONTAINER}.env[0].value: must be a string, not a number`,
  ),
  row('a text for a truth value', pod({ tty: 'true' }), `${CONTAINER}.tty: must be true or false, not a string`),
  row('a text for a list', pod({ args: '--x' }), `${CONTAINER}.args: must be a list, not a string`),
  row(
    'a list for an object',
    pod({ securityContext: [] }),
    `${CONTAINER}.securityContext: must be an object, not a list`,
  ),
  row(
    'a label that is a number',
    { ...service({}), metadata: { name: 'web', labels: { 'a.b/c': 1 } } },
    'metadata.labels["a.b/c"]: must be a string, not a number',
  ),
  row(
    'an annotation that is true',
    { ...service({}), metadata: { name: 'web', annotations: { a: true } } },
    'metadata.annotations.a: must be a string, not a boolean',
  ),
  row('a list that is missing', deployment({}), 'spec.template.spec.containers: is required'),
  row(
    'a name that is missing',
    deployment({ containers: [{ image: 'x' }] }),
    'spec.template.spec.containers[0].name: is required',
  ),
  row('a required field that is null', deployment({ containers: null }), 'spec.template.spec.containers: is required'),
  row(
    'a word that is not among those allowed',
    pod({ imagePullPolicy: 'always' }),
    `${CONTAINER}.imagePullPolicy: must be one of Always, IfNotPresent, Never, not "always", did you mean "Always"?`,
  ),
  row(
    'a protocol in small letters',
    service({ ports: [{ port: 80, protocol: 'tcp' }] }),
    'spec.ports[0].protocol: must be',
  ),
  row(
    'a Service of an unknown type',
    service({ type: 'Nodeport' }),
    'spec.type: must be one of ClusterIP, ExternalName,',
  ),
  row(
    'a quantity with a wrong unit',
    pod({ resources: { limits: { memory: '512MB' } } }),
    `${CONTAINER}.resources.limits.memory: must be a quantity such as "500m", "0.5" or "1Gi"`,
  ),
  row(
    'a quantity that is true',
    pod({ resources: { limits: { cpu: true } } }),
    `${CONTAINER}.resources.limits.cpu: must be a quantity such as "500m", not a boolean`,
  ),
  row(
    'a port that is a fraction',
    service({ ports: [{ port: 80, targetPort: 80.5 }] }),
    'spec.ports[0].targetPort: must be a whole number or a string, not a fraction',
  ),
  row('a Service port without its number', service({ ports: [{ name: 'http' }] }), 'spec.ports[0].port: is required'),
  row('Secret data that is plain', object('v1', 'Secret', { data: { a: 'plain text' } }), 'data.a: must be base64'),
  row(
    'ConfigMap data that is a number',
    object('v1', 'ConfigMap', { data: { port: 80 } }),
    'data.port: must be a string, not a number',
  ),
  row(
    'a time without a zone',
    { ...service({}), metadata: { name: 'web', creationTimestamp: '2026-01-01' } },
    'metadata.creationTimestamp: must be a time such as "2026-01-31T12:00:00Z"',
  ),
  row(
    'a variable twice',
    pod({ env: [{ name: 'A' }, { name: 'B' }, { name: 'A' }] }),
    `${CONTAINER}.env[2]: has the same name as item 0`,
  ),
  row(
    'a port twice, once with the default protocol',
    pod({ ports: [{ containerPort: 80 }, { containerPort: 80, protocol: 'TCP' }] }),
    `${CONTAINER}.ports[1]: has the same containerPort and protocol as item 0`,
  ),
  row(
    'two containers of one name',
    deployment({
      containers: [
        { name: 'a', image: 'x' },
        { name: 'a', image: 'y' },
      ],
    }),
    'spec.template.spec.containers[1]: has the same name as item 0',
  ),
  row(
    'a mount without its path',
    pod({ volumeMounts: [{ name: 'a' }] }),
    `${CONTAINER}.volumeMounts[0].mountPath: is required`,
  ),
  row(
    'a probe that asks no port',
    pod({ livenessProbe: { httpGet: { path: '/' } } }),
    `${CONTAINER}.livenessProbe.httpGet.port: is required`,
  ),
  row(
    'an Ingress of the old form',
    ingress({ path: '/', pathType: 'Prefix', backend: { serviceName: 'web', servicePort: 80 } }),
    'spec.rules[0].http.paths[0].backend.serviceName: unknown field, did you mean "service"?',
  ),
  row(
    'an Ingress path without its type',
    ingress({ path: '/', backend }),
    'spec.rules[0].http.paths[0].pathType: is required',
  ),
  row(
    'a CronJob with the template of a Job',
    object('batch/v1', 'CronJob', { spec: { schedule: '* * * * *', template: job.template } }),
    'spec.template: unknown field here, but known in spec.jobTemplate.spec',
  ),
  row(
    'a CronJob without a schedule',
    object('batch/v1', 'CronJob', { spec: { jobTemplate: { spec: job } } }),
    'spec.schedule: is required',
  ),
  row(
    'a claim with its size on the wrong level',
    object('v1', 'PersistentVolumeClaim', { spec: { ...claim, resources: { storage: '1Gi' } } }),
    'spec.resources.storage: unknown field',
  ),
  row(
    'a role with one verb as a text',
    object('rbac.authorization.k8s.io/v1', 'Role', { rules: [{ apiGroups: [''], resources: ['pods'], verbs: 'get' }] }),
    'rules[0].verbs: must be a list, not a string',
  ),
  row(
    'a RoleBinding without a role',
    object('rbac.authorization.k8s.io/v1', 'RoleBinding', { subjects: [] }),
    'roleRef: is required',
  ),
  row(
    'a NetworkPolicy with one peer as an object',
    object('networking.k8s.io/v1', 'NetworkPolicy', {
      spec: { podSelector: {}, ingress: [{ from: { podSelector: {} } }] },
    }),
    'spec.ingress[0].from: must be a list, not an object',
  ),
  row(
    'an autoscaler with a percentage as text',
    object('autoscaling/v2', 'HorizontalPodAutoscaler', {
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
        maxReplicas: 3,
        metrics: [
          { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: '80%' } } },
        ],
      },
    }),
    'spec.metrics[0].resource.target.averageUtilization: must be a whole number, not a string',
  ),
];

/** Objects of many kinds in which nothing is wrong, for the API server as well. */
export const FINE: readonly (readonly [what: string, object: KubeObject])[] = [
  ['a Deployment with resources', pod({ resources: { limits: { cpu: 1, memory: '1Gi' }, requests: { cpu: '.5' } } })],
  ['null where nothing is required', pod({ args: null, env: null, resources: null })],
  ['an empty word for the default', pod({ imagePullPolicy: '' })],
  [
    'a Service with ports by name and number',
    service({
      ports: [
        { name: 'a', port: 1, targetPort: 'http' },
        { name: 'b', port: 2, targetPort: 2 },
      ],
    }),
  ],
  [
    'a port for two protocols',
    service({
      ports: [
        { name: 'a', port: 1 },
        { name: 'b', port: 1, protocol: 'UDP' },
      ],
    }),
  ],
  ['a Secret with empty data', object('v1', 'Secret', { data: { a: '', b: 'QUI=' }, stringData: { c: 'text' } })],
  ['a ConfigMap', object('v1', 'ConfigMap', { data: { 'a.b': 'c' }, binaryData: { d: 'QQ==' }, immutable: true })],
  ['a CronJob', object('batch/v1', 'CronJob', { spec: { schedule: '* * * * *', jobTemplate: { spec: job } } })],
  ['a Job', object('batch/v1', 'Job', { spec: { ...job, ttlSecondsAfterFinished: 60 } })],
  ['an Ingress', ingress({ path: '/', pathType: 'Prefix', backend })],
  ['a claim', object('v1', 'PersistentVolumeClaim', { spec: claim })],
  [
    'a StatefulSet',
    object('apps/v1', 'StatefulSet', {
      spec: {
        serviceName: 'web',
        selector: { matchLabels: { app: 'web' } },
        template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'x' }] } },
        volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: claim }],
      },
    }),
  ],
  [
    'a NetworkPolicy',
    object('networking.k8s.io/v1', 'NetworkPolicy', {
      spec: { podSelector: {}, ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 80 }, { port: 'http' }] }] },
    }),
  ],
  [
    'a disruption budget',
    object('policy/v1', 'PodDisruptionBudget', { spec: { maxUnavailable: '50%', selector: {} } }),
  ],
  [
    'a Role',
    object('rbac.authorization.k8s.io/v1', 'Role', {
      rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
    }),
  ],
  ['free JSON', object('apps/v1', 'ControllerRevision', { revision: 1, data: { any: [1] } })],
  [
    'an EndpointSlice',
    object('discovery.k8s.io/v1', 'EndpointSlice', { addressType: 'IPv4', endpoints: [{ addresses: ['192.0.2.1'] }] }),
  ],
];
