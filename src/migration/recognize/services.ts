import type { CodeValue } from '../code.js';
import { fieldsOf, listOf } from '../normal-fields.js';
import type { Piece } from '../piece.js';
import type { SourceObject } from '../source-object.js';
import { at, filled, metadataProps, numberOf, textOf } from './values.js';
import { pieceOf } from './workloads.js';

/** The properties of a Service in front of pods with a label `app`; undefined for others. */
export function serviceProps(manifest: unknown): Readonly<Record<string, CodeValue>> | undefined {
  const spec = fieldsOf(at(manifest, 'spec'));
  const app = textOf(at(spec, 'selector', 'app'));
  const name = textOf(at(manifest, 'metadata', 'name'));
  const [main, ...more] = listOf(spec.ports).map(portOf);
  if (app === undefined || main === undefined) {
    return undefined;
  }
  const { name: portName, protocol: _, ...port } = main;
  return {
    name,
    ...port,
    portName,
    app: app === name ? undefined : app,
    loadBalancer: spec.type === 'LoadBalancer' ? true : undefined,
    headless: spec.clusterIP === 'None' ? true : undefined,
    externalTrafficPolicy: textOf(spec.externalTrafficPolicy),
    morePorts: filled(more),
    ...metadataProps(manifest),
  };
}

/** A Service. */
export function recognizeService(object: SourceObject): Piece | undefined {
  const props = serviceProps(object.manifest);
  return props && pieceOf('Service', object, { props, uses: [] });
}

function portOf(port: unknown): Record<string, CodeValue> {
  const { name, port: number, targetPort, protocol, nodePort } = fieldsOf(port);
  return {
    name: textOf(name),
    port: numberOf(number),
    targetPort: targetPort === number ? undefined : (numberOf(targetPort) ?? textOf(targetPort)),
    protocol: protocol === 'TCP' ? undefined : textOf(protocol),
    nodePort: numberOf(nodePort),
  };
}
