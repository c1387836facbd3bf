import { itemsAt, textAt, type KubeObject } from '../kube-object.js';
import type { Health } from '../port.js';
import { health, HEALTHY } from './result.js';

/** A Service: one of type LoadBalancer needs an address. */
export function serviceHealth(object: KubeObject): Health {
  return textAt(object, 'spec', 'type') === 'LoadBalancer' ? addressHealth(object) : HEALTHY;
}

/** An Ingress needs an address from its controller. */
export function ingressHealth(object: KubeObject): Health {
  return addressHealth(object);
}

function addressHealth(object: KubeObject): Health {
  return itemsAt(object, 'status', 'loadBalancer', 'ingress').length > 0
    ? HEALTHY
    : health('Progressing', 'no address is assigned yet');
}
