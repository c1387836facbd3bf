import type { CodeValue } from '../code.js';
import { parseKubernetesYaml, YamlSyntaxError } from '../../constructs/kubernetes-yaml.js';
import { fieldsOf, listOf } from '../normal-fields.js';
import type { Piece } from '../piece.js';
import { type AppFrame, fileExpression } from '../plain-piece.js';
import { secretExpression } from '../secret-names.js';
import type { SourceObject } from '../source-object.js';
import { amountOf, at, numberOf, textOf, wholeOf } from './values.js';
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
  return pieceOf('Secret', object, { props, uses: [] });
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

/** A claim on a local PersistentVolume. */
export function recognizeClaim(object: SourceObject): Piece | undefined {
  const { spec, metadata } = object.manifest;
  const volume = textOf(at(spec, 'volumeName'));
  const size = amountOf(at(spec, 'resources', 'requests', 'storage'));
  const neverPrune = metadata.annotations?.['argocd.argoproj.io/sync-options'] === 'Prune=false' ? true : undefined;
  return volume === undefined || size === undefined
    ? undefined
    : pieceOf('LocalClaim', object, { props: { name: metadata.name, size, volume, neverPrune }, uses: [] });
}

/** Values of a Helm chart that k3s brings. */
export function recognizeChartConfig(object: SourceObject): Piece | undefined {
  const values = valuesOf(at(object.manifest, 'spec', 'valuesContent'));
  const { name } = object.manifest.metadata;
  return values === undefined ? undefined : pieceOf('HelmChartConfig', object, { props: { name, values }, uses: [] });
}

/** A Helm release by k3s. */
export function recognizeChart(object: SourceObject): Piece {
  const { chart, repo, version, targetNamespace, valuesContent } = fieldsOf(object.manifest.spec);
  const props = {
    name: object.manifest.metadata.name,
    chart: textOf(chart),
    repository: textOf(repo),
    version: textOf(version),
    targetNamespace: textOf(targetNamespace),
    values: valuesOf(valuesContent),
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

/** One of the Traefik middlewares that have a construct. */
export function recognizeMiddleware(object: SourceObject): Piece | undefined {
  const { spec } = object.manifest;
  const { name } = object.manifest.metadata;
  const { basicAuth, ipAllowList, rateLimit } = fieldsOf(spec);
  if (basicAuth !== undefined) {
    return pieceOf('BasicAuth', object, { props: { name, secret: textOf(at(basicAuth, 'secret')) }, uses: [] });
  }
  if (ipAllowList !== undefined) {
    return pieceOf('IpAllowList', object, {
      props: { name, sourceRange: wholeOf(at(ipAllowList, 'sourceRange')) },
      uses: [],
    });
  }
  if (rateLimit !== undefined) {
    const { average, burst, period } = fieldsOf(rateLimit);
    return pieceOf('RateLimit', object, {
      props: { name, average: numberOf(average), burst: numberOf(burst), period: textOf(period) },
      uses: [],
    });
  }
  return undefined;
}

/** A ServiceMonitor of one port. */
export function recognizeServiceMonitor(object: SourceObject): Piece | undefined {
  const app = textOf(at(object.manifest, 'spec', 'selector', 'matchLabels', 'app'));
  const [endpoint] = listOf(at(object.manifest, 'spec', 'endpoints'));
  const portName = textOf(at(endpoint, 'port'));
  if (app === undefined || portName === undefined) {
    return undefined;
  }
  const props = { name: object.manifest.metadata.name, app, portName, ...metricsOf(endpoint) };
  return pieceOf('ServiceMonitor', object, { props, uses: [] });
}

/** How Prometheus scrapes, where it is not as usual. */
export function metricsOf(endpoint: unknown): Record<string, CodeValue> {
  const { path, interval } = fieldsOf(endpoint);
  return {
    path: path === '/metrics' ? undefined : textOf(path),
    interval: interval === '30s' ? undefined : textOf(interval),
  };
}
