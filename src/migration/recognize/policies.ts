import type { CodeValue } from '../code.js';
import { type Fields, fieldsOf, listOf } from '../normal-fields.js';
import type { Piece } from '../piece.js';
import type { SourceObject } from '../source-object.js';
import { amountOf, appOf, at, filled, metadataProps, numberOf, numberOrText, textOf, wholeOf } from './values.js';
import { pieceOf } from './workloads.js';

/** Who may speak to whom. */
export function recognizeNetworkPolicy(object: SourceObject): Piece {
  const spec = fieldsOf(object.manifest.spec);
  const types = listOf(spec.policyTypes);
  const connections = (field: 'ingress' | 'egress', type: string): CodeValue =>
    spec[field] === undefined && !types.includes(type) ? undefined : listOf(spec[field]).map(connectionsOf);
  const props = {
    name: object.manifest.metadata.name,
    app: labelsOf(spec.podSelector),
    ingress: connections('ingress', 'Ingress'),
    egress: connections('egress', 'Egress'),
    ...metadataProps(object.manifest),
  };
  return pieceOf('NetworkPolicy', object, { props, uses: [] });
}

function connectionsOf(connections: unknown): CodeValue {
  const { from, to, ports } = fieldsOf(connections);
  return {
    peers: filled([...listOf(from), ...listOf(to)].map(peerOf)),
    ports: filled(listOf(ports).map(portOf)),
  };
}

function peerOf(peer: unknown): CodeValue {
  const { ipBlock, namespaceSelector, podSelector } = fieldsOf(peer);
  if (ipBlock !== undefined) {
    return { addresses: textOf(at(ipBlock, 'cidr')), except: wholeOf(at(ipBlock, 'except')) };
  }
  const namespace = namespaceSelector === undefined ? undefined : namespaceOf(namespaceSelector);
  const app =
    podSelector === undefined ? undefined : (labelsOf(podSelector) ?? (namespace === undefined ? {} : undefined));
  return { namespace, app };
}

function namespaceOf(selector: unknown): CodeValue {
  const { 'kubernetes.io/metadata.name': name, ...others } = fieldsOf(at(selector, 'matchLabels'));
  return name !== undefined && Object.keys(others).length === 0
    ? textOf(name)
    : (fieldsOf(at(selector, 'matchLabels')) as CodeValue);
}

function portOf(port: unknown): CodeValue {
  const { port: number, endPort, protocol = 'TCP' } = fieldsOf(port);
  return protocol === 'TCP' && endPort === undefined && typeof number === 'number'
    ? number
    : { port: numberOrText(number), endPort: numberOf(endPort), protocol: textOf(protocol) };
}

/** How many pods must stay while a node is drained. */
export function recognizeDisruptionBudget(object: SourceObject): Piece | undefined {
  const { selector, minAvailable, maxUnavailable, unhealthyPodEvictionPolicy } = fieldsOf(object.manifest.spec);
  const app = labelsOf(selector);
  if (app === undefined) {
    return undefined;
  }
  const props = {
    name: object.manifest.metadata.name,
    app,
    minAvailable: numberOrText(minAvailable),
    maxUnavailable: numberOrText(maxUnavailable),
    unhealthyPods: textOf(unhealthyPodEvictionPolicy),
    ...metadataProps(object.manifest),
  };
  return pieceOf('PodDisruptionBudget', object, { props, uses: [] });
}

/** The labels by which pods are found. */
function labelsOf(selector: unknown): CodeValue {
  return appOf(at(selector, 'matchLabels'));
}

/** The number of pods of a Deployment or StatefulSet by how busy they are. */
export function recognizeAutoscaler(object: SourceObject): Piece | undefined {
  const spec = fieldsOf(object.manifest.spec);
  const { kind, name } = fieldsOf(spec.scaleTargetRef);
  const targets = Object.fromEntries(listOf(spec.metrics).flatMap(targetsOf));
  if (!['Deployment', 'StatefulSet'].includes(String(kind)) || Object.keys(targets).length === 0) {
    return undefined;
  }
  const props = {
    name: object.manifest.metadata.name,
    deployment: kind === 'Deployment' ? textOf(name) : undefined,
    statefulSet: kind === 'StatefulSet' ? textOf(name) : undefined,
    min: numberOf(spec.minReplicas) ?? 1,
    max: numberOf(spec.maxReplicas),
    cpuPercent: targets.cpuPercent,
    memoryPercent: targets.memoryPercent,
    cpuAverage: targets.cpuAverage,
    memoryAverage: targets.memoryAverage,
    scaleUp: wholeOf(at(spec, 'behavior', 'scaleUp')),
    scaleDown: wholeOf(at(spec, 'behavior', 'scaleDown')),
    ...metadataProps(object.manifest),
  };
  return pieceOf('HorizontalPodAutoscaler', object, { props, uses: [] });
}

function targetsOf(metric: unknown): [string, CodeValue][] {
  const { name, target }: Fields = fieldsOf(at(metric, 'resource'));
  const { averageUtilization, averageValue } = fieldsOf(target);
  return [
    [`${String(name)}Percent`, numberOf(averageUtilization)],
    [`${String(name)}Average`, amountOf(averageValue)],
  ];
}
