import type { CodeValue } from '../code.js';
import { parseKubernetesYaml, YamlSyntaxError } from '../../constructs/kubernetes-yaml.js';
import { fieldsOf, listOf } from '../normal-fields.js';
import type { Piece } from '../piece.js';
import { type AppFrame, fileExpression } from '../plain-piece.js';
import { secretExpression } from '../secret-names.js';
import type { SourceObject } from '../source-object.js';
import { amountOf, at, filled, flagOf, metadataProps, someOf, textOf, unless, wholeOf } from './values.js';
import { pieceOf } from './workloads.js';

const SYNC_OPTIONS = 'argocd.argoproj.io/sync-options';
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
    immutable: flagOf(object.manifest.immutable),
    ...metadataProps(object.manifest),
    values: Object.fromEntries(values.map((value) => [value.key, secretExpression(value)])),
  };
  return { ...pieceOf('Secret', object, { props, uses: [] }), files: secrets.filesOf(object.manifest) };
}

/** A PersistentVolume: in a directory of one node, or anywhere else. */
export function recognizeVolume(object: SourceObject): Piece | undefined {
  const {
    capacity,
    accessModes,
    persistentVolumeReclaimPolicy,
    storageClassName,
    claimRef,
    volumeMode,
    mountOptions,
    nodeAffinity,
    local,
    ...source
  } = fieldsOf(object.manifest.spec);
  const [term] = listOf(at(nodeAffinity, 'required', 'nodeSelectorTerms'));
  const [expression] = listOf(at(term, 'matchExpressions'));
  const directory = textOf(at(local, 'path'));
  const common = {
    name: object.manifest.metadata.name,
    size: amountOf(at(capacity, 'storage')),
    accessMode: unless('ReadWriteOnce', listOf(accessModes)[0]),
    reclaim: unless('Retain', persistentVolumeReclaimPolicy),
    storageClass: directory === undefined ? textOf(storageClassName) : unless('local-storage', storageClassName),
    claim: someOf({ namespace: textOf(at(claimRef, 'namespace')), name: textOf(at(claimRef, 'name')) }),
    volumeMode: unless('Filesystem', volumeMode),
    mountOptions: wholeOf(mountOptions),
    ...metadataProps(object.manifest),
  };
  if (directory === undefined) {
    const props = { ...common, source: source as CodeValue };
    return Object.keys(source).length === 1 ? pieceOf('PersistentVolume', object, { props, uses: [] }) : undefined;
  }
  const props = { ...common, directory, node: textOf(listOf(at(expression, 'values'))[0]) };
  return pieceOf('LocalVolume', object, { props, uses: [] });
}

/** A claim on a local PersistentVolume, or on one that the cluster makes. */
export function recognizeClaim(object: SourceObject): Piece | undefined {
  const spec = fieldsOf(object.manifest.spec);
  const { name } = object.manifest.metadata;
  const volume = textOf(spec.volumeName);
  const size = amountOf(at(spec, 'resources', 'requests', 'storage'));
  if (size === undefined) {
    return undefined;
  }
  const { annotations, ...metadata } = metadataProps(object.manifest);
  if (volume !== undefined && spec.storageClassName === 'local-storage') {
    const { [SYNC_OPTIONS]: options, ...others } = fieldsOf(annotations);
    const isKept = options === 'Prune=false';
    const props = {
      name,
      size,
      volume,
      neverPrune: isKept ? true : undefined,
      ...metadata,
      annotations: isKept ? wholeOf(others) : annotations,
    };
    return pieceOf('LocalClaim', object, { props, uses: [] });
  }
  const props = {
    name,
    size,
    storageClass: textOf(spec.storageClassName),
    accessMode: unless('ReadWriteOnce', listOf(spec.accessModes)[0]),
    volume,
    volumeLabels: wholeOf(at(spec, 'selector', 'matchLabels')),
    volumeMode: unless('Filesystem', spec.volumeMode),
    ...metadata,
    annotations,
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
