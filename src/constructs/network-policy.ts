import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { defined } from './defined.js';
import { KubeObject } from './kube-object.js';
import type { AppOrLabels, Labels } from './labels.js';
import { checkAddressRange, checkLabel, checkPort, checkSubdomain } from './validation.js';
import { type MetadataOptions, renderMetadata } from './workload.js';

/** Who is at the other end of a connection. */
export type Peer =
  /** Pods of the same namespace with this `app` label, or with these labels; `{}` for all. */
  | { readonly app: AppOrLabels }
  /** All pods of a namespace, or those with an `app` label or labels. Instead of a name, labels of namespaces; `{}` for every namespace. */
  | { readonly namespace: string | Labels; readonly app?: AppOrLabels }
  /** Addresses outside of the cluster, in CIDR notation. */
  | { readonly addresses: string; readonly except?: readonly string[] };

/** Connections that are allowed. */
export interface Connections {
  /** @default - anybody */
  readonly peers?: readonly Peer[];
  /** TCP ports, or ports with a protocol; a name is one of the pods' own. @default - every port */
  readonly ports?: readonly (number | PolicyPort)[];
}

/** Ports of a {@link NetworkPolicy}. */
export interface PolicyPort {
  /** @default - every port of the protocol */
  readonly port?: number | string;
  /** The last of several ports from `port` on. @default - one port */
  readonly endPort?: number;
  /** @default - the API's: TCP */
  readonly protocol?: 'TCP' | 'UDP' | 'SCTP';
}

/** Properties of a {@link NetworkPolicy}. */
export interface NetworkPolicyProps extends MetadataOptions {
  readonly name: string;
  /** The `app` label of the pods that it protects, or labels of theirs. @default - all pods of the namespace */
  readonly app?: AppOrLabels;
  /** Connections to the pods that are allowed; `none` and an empty list allow none. @default - all */
  readonly ingress?: readonly Connections[] | 'none';
  /** Connections from the pods that are allowed; `none` and an empty list allow none, not even DNS. @default - all */
  readonly egress?: readonly Connections[] | 'none';
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
      metadata: renderMetadata(this.name, props),
      spec: defined({
        podSelector: app === undefined ? {} : selectorFor(app),
        policyTypes: [...(ingress === undefined ? [] : ['Ingress']), ...(egress === undefined ? [] : ['Egress'])],
        ingress: allowedBy(ingress)?.map(({ peers, ports }) =>
          defined({ from: peers?.map(renderPeer), ports: ports?.map(renderPort) }),
        ),
        egress: allowedBy(egress)?.map(({ peers, ports }) =>
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
  const podSelector = peer.app === undefined ? undefined : selectorFor(peer.app);
  return defined({ namespaceSelector: 'namespace' in peer ? namespacesOf(peer.namespace) : undefined, podSelector });
}

function renderPort(port: NonNullable<Connections['ports']>[number]): k8s.NetworkPolicyPort {
  const { port: one, endPort, protocol }: PolicyPort = typeof port === 'number' ? { port, protocol: 'TCP' } : port;
  return defined({
    port: one === undefined ? undefined : portOf(one),
    endPort: endPort === undefined ? undefined : checkPort('end port of network policy', endPort),
    protocol,
  });
}

function portOf(port: number | string): k8s.IntOrString {
  return typeof port === 'number'
    ? k8s.IntOrString.fromNumber(checkPort('port of network policy', port))
    : k8s.IntOrString.fromString(checkLabel('port of network policy', port));
}

function allowedBy(connections: readonly Connections[] | 'none' | undefined): readonly Connections[] | undefined {
  return connections === 'none' ? undefined : connections;
}

function namespacesOf(namespace: string | Labels): k8s.LabelSelector {
  return typeof namespace === 'string'
    ? { matchLabels: { 'kubernetes.io/metadata.name': namespace } }
    : selectorFor(namespace);
}

/** No labels mean everything. */
function selectorFor(app: AppOrLabels): k8s.LabelSelector {
  const labels = typeof app === 'string' ? { app } : app;
  return Object.keys(labels).length === 0 ? {} : { matchLabels: { ...labels } };
}
