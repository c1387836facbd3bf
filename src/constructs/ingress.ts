import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { defined } from './defined.js';
import { KubeObject } from './kube-object.js';
import { type NameOrConstruct, nameOf } from './named.js';
import { checkPort, checkSubdomain } from './validation.js';
import { type MetadataOptions, renderMetadata } from './workload.js';

/** What one rule of an {@link Ingress} takes, and where it goes. */
export interface IngressRule {
  /** @default - every host */
  readonly host?: string;
  /** @default / */
  readonly path?: string;
  /** @default Prefix */
  readonly pathType?: 'Prefix' | 'Exact' | 'ImplementationSpecific';
  readonly backend: { readonly name: string; readonly port: number };
}

/** Properties of an {@link Ingress}. */
export interface IngressProps extends MetadataOptions {
  readonly name: string;
  readonly rules: readonly IngressRule[];
  /** @default - the cluster's default class */
  readonly ingressClass?: string;
  /** The Secret with the certificate of the rules' hosts. @default - no TLS, or as annotations say */
  readonly tlsSecret?: NameOrConstruct;
}

/** A plain Ingress, for whichever controller the cluster has. {@link IngressRoute} says more where that is Traefik. */
export class Ingress extends Construct {
  readonly name: string;
  readonly object: KubeObject<k8s.KubeIngressProps>;

  constructor(scope: Construct, id: string, props: IngressProps) {
    super(scope, id);
    this.name = checkSubdomain('ingress name', props.name);
    const hosts = [...new Set(props.rules.flatMap(({ host }) => (host === undefined ? [] : [host])))];
    const { ingressClass, tlsSecret, rules } = props;
    this.object = new KubeObject(this, 'ingress', k8s.KubeIngress, {
      metadata: renderMetadata(this.name, props),
      spec: defined({
        ingressClassName: ingressClass,
        rules: rules.map(renderRule),
        tls: tlsSecret === undefined ? undefined : [{ hosts, secretName: nameOf(tlsSecret) }],
      }),
    });
  }
}

function renderRule({ host, path = '/', pathType = 'Prefix', backend }: IngressRule): k8s.IngressRule {
  const number = checkPort(`port of backend ${backend.name}`, backend.port);
  return defined({
    host: host === undefined ? undefined : checkSubdomain('ingress host', host),
    http: { paths: [{ path, pathType, backend: { service: { name: backend.name, port: { number } } } }] },
  });
}
