import type { Manifest } from '../app/manifest.js';
import {
  normalizeMiddleware,
  normalizePolicy,
  normalizeRoutes,
  normalizeService,
  normalizeSubjects,
  normalizeSubset,
} from './normalize-network.js';
import { normalizePod } from './normalize-pod.js';
import { encodeSecret } from './secret-values.js';
import { parseKubernetesYaml, YamlSyntaxError } from '../constructs/kubernetes-yaml.js';
import { type Fields, fieldsOf, listOf, mapAt, normalQuantities, withoutDefaults } from './normal-fields.js';

/**
 * The object in one of the forms that mean the same to Kubernetes: without fields that have the API's default, without empty ones, and
 * with quantities as numbers. Two objects are equal when their normal forms are.
 */
export function normalize(manifest: Manifest): Fields {
  const object = withoutNulls(encodeSecret(manifest)) as Fields;
  const { apiVersion, kind } = manifest;
  const rule = RULES[`${apiVersion}/${kind}`];
  const normal = rule === undefined ? object : rule(object);
  return mapAt(normal, ['metadata'], (metadata) => withoutEmpty(fieldsOf(metadata), ['labels', 'annotations']));
}

type Rule = (object: Fields) => Fields;

const ROLLING: Fields = { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } };

const RULES: Readonly<Record<string, Rule>> = {
  'v1/Pod': (object) => mapAt(object, ['spec'], normalizePod),
  'v1/Service': (object) => mapAt(object, ['spec'], normalizeService),
  'v1/Endpoints': (object) => mapAt(object, ['subsets'], (subsets) => listOf(subsets).map(normalizeSubset)),
  'v1/Secret': (object) =>
    mapAt(withoutDefaults(withoutEmpty(object, ['data']), { type: 'Opaque' }), ['data'], withoutBlanks),
  'v1/ConfigMap': (object) => withoutEmpty(object, ['data', 'binaryData']),
  'v1/PersistentVolume': (object) => mapAt(object, ['spec'], normalizeVolume),
  'v1/PersistentVolumeClaim': (object) => mapAt(object, ['spec'], normalizeClaim),
  'apps/v1/Deployment': workload({
    replicas: 1,
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
    minReadySeconds: 0,
    strategy: ROLLING,
  }),
  'apps/v1/StatefulSet': workload({ replicas: 1, revisionHistoryLimit: 10, podManagementPolicy: 'OrderedReady' }),
  'apps/v1/DaemonSet': workload({ revisionHistoryLimit: 10 }),
  'batch/v1/Job': workload({ completions: 1, parallelism: 1, backoffLimit: 6 }),
  'batch/v1/CronJob': (object) => mapAt(object, ['spec'], normalizeCronJob),
  'networking.k8s.io/v1/NetworkPolicy': (object) => mapAt(object, ['spec'], normalizePolicy),
  'autoscaling/v2/HorizontalPodAutoscaler': (object) =>
    mapAt(object, ['spec'], (spec) => withoutDefaults(fieldsOf(spec), { minReplicas: 1 })),
  'traefik.io/v1alpha1/IngressRoute': (object) => mapAt(object, ['spec', 'routes'], normalizeRoutes(object)),
  'traefik.io/v1alpha1/Middleware': (object) => mapAt(object, ['spec'], normalizeMiddleware),
  'rbac.authorization.k8s.io/v1/RoleBinding': (object) => mapAt(object, ['subjects'], normalizeSubjects(object)),
  'v1/ServiceAccount': (object) => withoutDefaults(object, { automountServiceAccountToken: true }),
  'helm.cattle.io/v1/HelmChart': (object) => mapAt(object, ['spec', 'valuesContent'], normalizeValues),
  'helm.cattle.io/v1/HelmChartConfig': (object) => mapAt(object, ['spec', 'valuesContent'], normalizeValues),
};

function workload(defaults: Fields): Rule {
  return (object) => {
    const spec = withoutDefaults(fieldsOf(object.spec), defaults);
    const strategy = fieldsOf(spec.strategy);
    const isPlainRolling = strategy.type === 'RollingUpdate' && strategy.rollingUpdate === undefined;
    const { strategy: _, ...rest } = spec;
    return { ...object, spec: mapAt(isPlainRolling ? rest : spec, ['template'], normalizeTemplate) };
  };
}

function normalizeTemplate(template: unknown): Fields {
  const pod = mapAt(fieldsOf(template), ['spec'], normalizePod);
  return mapAt(pod, ['metadata'], (metadata) => withoutEmpty(fieldsOf(metadata), ['annotations', 'labels']));
}

function normalizeCronJob(spec: unknown): Fields {
  const own = withoutDefaults(fieldsOf(spec), {
    concurrencyPolicy: 'Allow',
    suspend: false,
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 1,
  });
  return mapAt(own, ['jobTemplate', 'spec', 'template'], normalizeTemplate);
}

function normalizeVolume(spec: unknown): Fields {
  const own = withoutDefaults(fieldsOf(spec), { volumeMode: 'Filesystem' });
  return mapAt(own, ['capacity'], normalQuantities);
}

/** Also for the `volumeClaimTemplates` of a StatefulSet. */
function normalizeClaim(spec: unknown): Fields {
  const own = withoutDefaults(fieldsOf(spec), { volumeMode: 'Filesystem' });
  return mapAt(own, ['resources', 'requests'], normalQuantities);
}

/** Helm reads the values, and not their text. */
function normalizeValues(text: unknown): unknown {
  try {
    return typeof text === 'string' ? parseKubernetesYaml(text).map(({ value }) => value) : text;
  } catch (error) {
    if (error instanceof YamlSyntaxError) {
      return text;
    }
    throw error;
  }
}

/** Line breaks in base64 mean nothing. */
function withoutBlanks(data: unknown): Fields {
  return Object.fromEntries(
    Object.entries(fieldsOf(data)).map(([key, text]) => [
      key,
      typeof text === 'string' ? text.replaceAll(/\s/g, '') : text,
    ]),
  );
}

function withoutEmpty(object: Fields, keys: readonly string[]): Fields {
  return Object.fromEntries(
    Object.entries(object).filter(([key, value]) => !keys.includes(key) || Object.keys(fieldsOf(value)).length > 0),
  );
}

/** A field that is null is not there, for every kind that Kubernetes itself knows. */
function withoutNulls(manifest: Manifest): unknown {
  return /^(v\d|[a-z]+\/v\d|[a-z.]+\.k8s\.io\/v\d)/.test(manifest.apiVersion) ? dropNulls(manifest) : manifest;
}

function dropNulls(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(dropNulls);
  }
  if (value === null || typeof value !== 'object') {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]: [string, unknown]) => (item === null ? [] : [[key, dropNulls(item)]])),
  );
}
