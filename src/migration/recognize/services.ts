import type { CodeValue } from '../code.js';
import { fieldsOf, listOf } from '../normal-fields.js';
import type { Piece } from '../piece.js';
import type { SourceObject } from '../source-object.js';
import { appOf, at, filled, flagOf, metadataProps, numberOf, numberOrText, textOf, unless, wholeOf } from './values.js';
import { pieceOf } from './workloads.js';

/** The properties of a Service that finds its pods by labels; undefined for others. */
export function serviceProps(manifest: unknown): Readonly<Record<string, CodeValue>> | undefined {
  const spec = fieldsOf(at(manifest, 'spec'));
  const app = appOf(spec.selector);
  const name = textOf(at(manifest, 'metadata', 'name'));
  const [main, ...more] = listOf(spec.ports).map(portOf);
  if (app === undefined || main === undefined) {
    return undefined;
  }
  const { name: portName, ...port } = main;
  const isBalanced = spec.type === 'LoadBalancer';
  return {
    name,
    ...port,
    portName,
    app: app === name ? undefined : app,
    type: isBalanced && port.nodePort !== undefined ? 'LoadBalancer' : undefined,
    loadBalancer: isBalanced && port.nodePort === undefined ? true : undefined,
    headless: spec.clusterIP === 'None' ? true : undefined,
    clusterIp: spec.clusterIP === 'None' ? undefined : textOf(spec.clusterIP),
    externalTrafficPolicy: textOf(spec.externalTrafficPolicy),
    internalTrafficPolicy: textOf(spec.internalTrafficPolicy),
    sessionAffinity: unless('None', spec.sessionAffinity),
    loadBalancerIp: textOf(spec.loadBalancerIP),
    loadBalancerSourceRanges: wholeOf(spec.loadBalancerSourceRanges),
    loadBalancerClass: textOf(spec.loadBalancerClass),
    externalIps: wholeOf(spec.externalIPs),
    publishNotReadyAddresses: flagOf(spec.publishNotReadyAddresses),
    ipFamilyPolicy: textOf(spec.ipFamilyPolicy),
    morePorts: filled(more),
    ...metadataProps(manifest),
  };
}

/** A Service, or a name for another host. */
export function recognizeService(object: SourceObject): Piece | undefined {
  const host = textOf(at(object.manifest, 'spec', 'externalName'));
  if (host !== undefined) {
    const props = { name: object.manifest.metadata.name, host, ...metadataProps(object.manifest) };
    return pieceOf('ExternalName', object, { props, uses: [] });
  }
  const props = serviceProps(object.manifest);
  return props && pieceOf('Service', object, { props, uses: [] });
}

function portOf(port: unknown): Record<string, CodeValue> {
  const { name, port: number, targetPort, protocol, nodePort, appProtocol } = fieldsOf(port);
  return {
    name: textOf(name),
    port: numberOf(number),
    targetPort: targetPort === number ? undefined : numberOrText(targetPort),
    protocol: protocol === 'TCP' ? undefined : textOf(protocol),
    nodePort: numberOf(nodePort),
    appProtocol: textOf(appProtocol),
  };
}
