import type { CodeValue } from '../code.js';
import { parseKubernetesYaml, YamlSyntaxError } from '../../constructs/kubernetes-yaml.js';
import { fieldsOf, listOf } from '../normal-fields.js';
import type { Piece } from '../piece.js';
import { type AppFrame, fileExpression } from '../plain-piece.js';
import { secretExpression } from '../secret-names.js';
import type { SourceObject } from '../source-object.js';
import { amountOf, at, filled, flagOf, metadataProps, textOf, wholeOf } from './values.js';
import { pieceOf } from './workloads.js';

/** Texts with more lines than this are files beside the application. */
const INLINE_LINES = 3;

/** A ConfigMap; long texts become files. */
export function recognizeConfigMap(object: SourceObject): Piece {
  const { name } = object.manifest.metadata;
  const entries = Object.entries(fieldsOf(object.manifest.data)).map(([key, value]) => [key, String(value)] as const);
  const isFile = ([key, text]: readonly [string, string]): boolean =>
    text.split('\n').length > INLINE_LINES && !text.includes('\r') && !/^\.+$/.test(key);
  const files = entries.filter(isFile).map(([key, text]) => ({ key, path: `files/${name}/${key}`, text }));
  const data = Object.fromEntries(entries.filter((entry) => !isFile(entry)));
  const props = {
    name,
    data: wholeOf(data),
    files: wholeOf(Object.fromEntries(files.map(({ key, path }) => [key, fileExpression(path)]))),
    immutable: flagOf(object.manifest.immutable),
    ...metadataProps(object.manifest),
  };
  return {
    ...pieceOf('ConfigMap', object, { props, uses: [] }),
    files: files.map(({ path, text }) => ({ path, text })),
  };
}

/** A Secret whose values are text. */
export function recognizeSecret(object: SourceObject, { secrets }: AppFrame): Piece | undefined {
  const values = secrets.of(object.manifest);
  if (values.some(({ isBase64 }) => isBase64)) {
    return undefined;
  }
  const type = textOf(object.manifest.type);
  const props = {
    name: object.manifest.metadata.name,
    type: type === 'Opaque' ? undefined : type,
    values: Object.fromEntries(values.map((value) => [value.key, secretExpression(value)])),
  };
  return { ...pieceOf('Secret', object, { props, uses: [] }), files: secrets.filesOf(object.manifest) };
}

/** A PersistentVolume in a directory of a node. */
export function recognizeVolume(object: SourceObject): Piece | undefined {
  const { spec, metadata } = object.manifest;
  const [term] = listOf(at(spec, 'nodeAffinity', 'required', 'nodeSelectorTerms'));
  const [expression] = listOf(at(term, 'matchExpressions'));
  const directory = textOf(at(spec, 'local', 'path'));
  const size = amountOf(at(spec, 'capacity', 'storage'));
  const node = textOf(listOf(at(expression, 'values'))[0]);
  return directory === undefined || size === undefined || node === undefined
    ? undefined
    : pieceOf('LocalVolume', object, { props: { name: metadata.name, size, directory, node }, uses: [] });
}

/** A claim on a local PersistentVolume, or on one that the cluster makes. */
export function recognizeClaim(object: SourceObject): Piece | undefined {
  const { spec, metadata } = object.manifest;
  const { name } = metadata;
  const volume = textOf(at(spec, 'volumeName'));
  const size = amountOf(at(spec, 'resources', 'requests', 'storage'));
  if (size === undefined) {
    return undefined;
  }
  if (volume !== undefined) {
    const neverPrune = metadata.annotations?.['argocd.argoproj.io/sync-options'] === 'Prune=false' ? true : undefined;
    return pieceOf('LocalClaim', object, { props: { name, size, volume, neverPrune }, uses: [] });
  }
  const [accessMode] = listOf(at(spec, 'accessModes'));
  const props = {
    name,
    size,
    storageClass: textOf(at(spec, 'storageClassName')),
    accessMode: accessMode === 'ReadWriteOnce' ? undefined : textOf(accessMode),
    ...metadataProps(object.manifest),
  };
  return pieceOf('Claim', object, { props, uses: [] });
}

/** Values of a Helm chart that k3s brings. */
export function recognizeChartConfig(object: SourceObject): Piece | undefined {
  const values = valuesOf(at(object.manifest, 'spec', 'valuesContent'));
  const { name } = object.manifest.metadata;
  return values === undefined ? undefined : pieceOf('HelmChartConfig', object, { props: { name, values }, uses: [] });
}

/** A Helm release by k3s. */
export function recognizeChart(object: SourceObject): Piece {
  const spec = fieldsOf(object.manifest.spec);
  const valuesSecrets = listOf(spec.valuesSecrets).map((one) => ({
    secret: textOf(at(one, 'name')),
    keys: wholeOf(at(one, 'keys')),
  }));
  const props = {
    name: object.manifest.metadata.name,
    chart: textOf(spec.chart),
    repository: textOf(spec.repo),
    version: textOf(spec.version),
    targetNamespace: textOf(spec.targetNamespace),
    createNamespace: flagOf(spec.createNamespace),
    values: valuesOf(spec.valuesContent),
    valuesSecrets: filled(valuesSecrets),
    timeout: textOf(spec.timeout),
    failurePolicy: textOf(spec.failurePolicy),
    repositorySecret: textOf(at(spec.authSecret, 'name')),
    registrySecret: textOf(at(spec.dockerRegistrySecret, 'name')),
    ...metadataProps(object.manifest),
  };
  return pieceOf('HelmChart', object, { props, uses: [] });
}

function valuesOf(text: unknown): CodeValue {
  try {
    const [document] = typeof text === 'string' ? parseKubernetesYaml(text) : [];
    return wholeOf(document?.value ?? null);
  } catch (error) {
    if (error instanceof YamlSyntaxError) {
      return undefined;
    }
    throw error;
  }
}
