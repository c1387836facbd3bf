import type { CodeValue } from '../code.js';
import { type Fields, fieldsOf, listOf } from '../normal-fields.js';
import type { Piece } from '../piece.js';
import type { SourceObject } from '../source-object.js';
import { at, filled, numberOf, textOf, wholeOf } from './values.js';
import { pieceOf } from './workloads.js';

/** Who may speak to whom. */
export function recognizeNetworkPolicy(object: SourceObject): Piece {
  const spec = fieldsOf(object.manifest.spec);
  const types = listOf(spec.policyTypes);
  const connections = (field: 'ingress' | 'egress', type: string): CodeValue =>
    spec[field] === undefined && !types.includes(type) ? undefined : listOf(spec[field]).map(connectionsOf);
  const props = {
    name: object.manifest.metadata.name,
    app: appOf(spec.podSelector),
    ingress: connections('ingress', 'Ingress'),
    egress: connections('egress', 'Egress'),
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
  const namespace = textOf(at(namespaceSelector, 'matchLabels', 'kubernetes.io/metadata.name'));
  return { namespace, app: appOf(podSelector) };
}

function portOf(port: unknown): CodeValue {
  const { port: number, protocol = 'TCP' } = fieldsOf(port);
  return protocol === 'TCP' ? numberOf(number) : { port: numberOf(number), protocol: textOf(protocol) };
}

/** How many pods must stay while a node is drained. */
export function recognizeDisruptionBudget(object: SourceObject): Piece | undefined {
  const { selector, minAvailable, maxUnavailable } = fieldsOf(object.manifest.spec);
  const app = appOf(selector);
  if (app === undefined) {
    return undefined;
  }
  const props = {
    name: object.manifest.metadata.name,
    app,
    minAvailable: shareOf(minAvailable),
    maxUnavailable: shareOf(maxUnavailable),
  };
  return pieceOf('PodDisruptionBudget', object, { props, uses: [] });
}

function shareOf(share: unknown): CodeValue {
  return numberOf(share) ?? textOf(share);
}

/** The `app` label by which pods are found. */
function appOf(selector: unknown): string | undefined {
  return textOf(at(selector, 'matchLabels', 'app'));
}

/** The number of a Deployment's pods by how busy they are. */
export function recognizeAutoscaler(object: SourceObject): Piece | undefined {
  const spec = fieldsOf(object.manifest.spec);
  const percents = Object.fromEntries(listOf(spec.metrics).map(percentOf));
  if (at(spec, 'scaleTargetRef', 'kind') !== 'Deployment' || Object.keys(percents).length === 0) {
    return undefined;
  }
  const props = {
    name: object.manifest.metadata.name,
    deployment: textOf(at(spec, 'scaleTargetRef', 'name')),
    min: numberOf(spec.minReplicas) ?? 1,
    max: numberOf(spec.maxReplicas),
    cpuPercent: percents.cpu,
    memoryPercent: percents.memory,
  };
  return pieceOf('HorizontalPodAutoscaler', object, { props, uses: [] });
}

function percentOf(metric: unknown): [string, number | undefined] {
  const resource: Fields = fieldsOf(at(metric, 'resource'));
  return [String(resource.name), numberOf(at(resource, 'target', 'averageUtilization'))];
}
