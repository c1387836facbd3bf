import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Manifest } from '../../app/manifest.js';
import { ConfigError } from '../../base/errors.js';
import { parseKubernetesYaml, writeKubernetesYaml, YamlSyntaxError } from '../../constructs/kubernetes-yaml.js';
import { isInside } from '../inside.js';
import { type Fields, fieldsOf } from '../normal-fields.js';
import type { SourceObject } from '../source-object.js';
import { mergeValues, secretPaths, withParameter } from './chart-values.js';
import type { ArgoHelm, ArgoSource } from './schema.js';

/** Where a chart's release is made. */
export interface ChartPlace {
  /** The name of its Application. */
  readonly application: string;
  /** Where the Application puts its objects. */
  readonly namespace: string;
  /** The folder that values files are in. */
  readonly repository: string;
}

/**
 * The HelmChart of k3s that installs what an Application's source with a chart does.
 * @throws ConfigError `config/invalid` when its values are not all there
 */
export async function chartObject(
  source: ArgoSource & { readonly chart: string },
  { origin }: SourceObject,
  { application, namespace, repository }: ChartPlace,
): Promise<SourceObject> {
  const { helm = {} } = source;
  const values = await valuesOf(source.chart, helm, repository);
  const manifest: Manifest = {
    apiVersion: 'helm.cattle.io/v1',
    kind: 'HelmChart',
    metadata: { name: helm.releaseName ?? application, namespace },
    spec: {
      ...placeOf(source),
      ...(source.targetRevision === undefined ? {} : { version: source.targetRevision }),
      targetNamespace: namespace,
      ...(Object.keys(values).length === 0 ? {} : { valuesContent: writeKubernetesYaml(values).trimEnd() }),
    },
  };
  return { manifest, origin, notes: notesOf(helm, values) };
}

/** Argo CD names an OCI registry without a scheme, k3s wants one whole address. */
function placeOf({ chart, repoURL = '' }: ArgoSource): Fields {
  return /^https?:\/\//.test(repoURL)
    ? { chart, repo: repoURL }
    : { chart: `oci://${repoURL.replace(/^oci:\/\//, '').replace(/\/$/, '')}/${chart ?? ''}` };
}

function notesOf(helm: ArgoHelm, values: Fields): string[] {
  const secrets = secretPaths(values);
  return [
    'Helm will own the release: what Argo CD made of the chart needs the labels and annotations of Helm (app.kubernetes.io/managed-by, meta.helm.sh/release-name, meta.helm.sh/release-namespace) first',
    ...(helm.skipCrds === true ? ['skipCrds has no counterpart: the definitions of the chart are installed'] : []),
    ...(secrets.length === 0
      ? []
      : [`${secrets.join(', ')} look secret and are in Git: put them into a Secret, and name it in valuesSecrets`]),
  ];
}

/** What counts more comes later: values files, then values, then parameters. */
async function valuesOf(chart: string, helm: ArgoHelm, repository: string): Promise<Fields> {
  if ((helm.fileParameters ?? []).length > 0) {
    throw new ConfigError(
      'config/invalid',
      `chart ${chart}: fileParameters are not understood; put the files' texts into values`,
    );
  }
  let values: Fields = {};
  for (const file of helm.valueFiles ?? []) {
    values = mergeValues(values, await readValues(chart, file, helm.ignoreMissingValueFiles === true, repository));
  }
  const own =
    helm.valuesObject === undefined ? parseValues(helm.values ?? '', `chart ${chart}: helm.values`) : helm.valuesObject;
  return (helm.parameters ?? []).reduce(withParameter, mergeValues(values, fieldsOf(own)));
}

/** `$name/path` is a path of the repository that another source names; other paths are in the chart itself. */
async function readValues(chart: string, file: string, mayMiss: boolean, repository: string): Promise<Fields> {
  const path = /^\$[^/]+\/(.+)$/.exec(file)?.[1];
  const found = path === undefined ? undefined : resolve(repository, path);
  if (found === undefined || !isInside(repository, found) || !existsSync(found)) {
    if (mayMiss) {
      return {};
    }
    const where = path === undefined ? 'in the chart itself' : `not in ${repository}`;
    throw new ConfigError(
      'config/invalid',
      `chart ${chart}: its values file ${file} is ${where}; put its values into the Application`,
    );
  }
  return parseValues(await readFile(found, 'utf8'), `chart ${chart}: ${file}`);
}

function parseValues(text: string, what: string): Fields {
  try {
    return fieldsOf(parseKubernetesYaml(text)[0]?.value);
  } catch (error) {
    if (error instanceof YamlSyntaxError) {
      throw new ConfigError('config/invalid', `${what}, line ${error.line}: ${error.message}`, { cause: error });
    }
    throw error;
  }
}
