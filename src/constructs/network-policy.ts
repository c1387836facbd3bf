import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { defined } from './defined.js';
import { KubeObject } from './kube-object.js';
import { checkAddressRange, checkPort, checkSubdomain } from './validation.js';

/** Who is at the other end of a connection. */
export type Peer =
  /** Pods of the same namespace with this `app` label. */
  | { readonly app: string }
  /** All pods of a namespace, or those with an `app` label. */
  | { readonly namespace: string; readonly app?: string }
  /** Addresses outside of the cluster, in CIDR notation. */
  | { readonly addresses: string; readonly except?: readonly string[] };

/** Connections that are allowed. */
export interface Connections {
  /** @default - anybody */
  readonly peers?: readonly Peer[];
  /** TCP ports, or ports with a protocol. @default - every port */
  readonly ports?: readonly (number | { readonly port: number; readonly protocol: 'TCP' | 'UDP' })[];
}

/** Properties of a {@link NetworkPolicy}. */
export interface NetworkPolicyProps {
  readonly name: string;
  /** The `app` label of the pods that it protects. @default - all pods of the namespace */
  readonly app?: string;
  /** Connections to the pods that are allowed; an empty list allows none. @default - all */
  readonly ingress?: readonly Connections[];
  /** Connections from the pods that are allowed; an empty list allows none, not even DNS. @default - all */
  readonly egress?: readonly Connections[];
}

/** Who may speak to whom. What no policy mentions stays allowed. */
export class NetworkPolicy extends Construct {
  readonly name: string;
  readonly object: KubeObject<k8s.KubeNetworkPolicyProps>;

  constructor(scope: Construct, id: string, props: NetworkPolicyProps) {
    super(scope, id);
    this.name = checkSubdomain('network policy name', props.name);
    const { app, ingress, egress } = props;
    if (ingress === undefined && egress === undefined) {
      throw new RangeError(`network policy ${this.name} says nothing; give it ingress or egress`);
    }
    this.object = new KubeObject(this, 'policy', k8s.KubeNetworkPolicy, {
      metadata: { name: this.name },
      spec: defined({
        podSelector: app === undefined ? {} : { matchLabels: { app } },
        policyTypes: [...(ingress === undefined ? [] : ['Ingress']), ...(egress === undefined ? [] : ['Egress'])],
        ingress: ingress?.map(({ peers, ports }) =>
          defined({ from: peers?.map(renderPeer), ports: ports?.map(renderPort) }),
        ),
        egress: egress?.map(({ peers, ports }) =>
          defined({ to: peers?.map(renderPeer), ports: ports?.map(renderPort) }),
        ),
      }),
    });
  }
}

function renderPeer(peer: Peer): k8s.NetworkPolicyPeer {
  if ('addresses' in peer) {
    const cidr = checkAddressRange('address range of network policy', peer.addresses);
    return { ipBlock: defined({ cidr, except: peer.except && [...peer.except] }) };
  }
  const podSelector = peer.app === undefined ? undefined : { matchLabels: { app: peer.app } };
  const namespaceSelector =
    'namespace' in peer ? { matchLabels: { 'kubernetes.io/metadata.name': peer.namespace } } : undefined;
  return defined({ namespaceSelector, podSelector });
}

function renderPort(port: NonNullable<Connections['ports']>[number]): k8s.NetworkPolicyPort {
  const { port: number, protocol } = typeof port === 'number' ? { port, protocol: 'TCP' } : port;
  return { port: k8s.IntOrString.fromNumber(checkPort('port of network policy', number)), protocol };
}
