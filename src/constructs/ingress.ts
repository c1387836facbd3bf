import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { defined } from './defined.js';
import { KubeObject } from './kube-object.js';
import { type NameOrConstruct, nameOf } from './named.js';
import { checkLabel, checkPort, checkSubdomain } from './validation.js';
import { type MetadataOptions, renderMetadata } from './workload.js';

/** What one rule of an {@link Ingress} takes, and where it goes. */
export interface IngressRule {
  /** @default - every host */
  readonly host?: string;
  /** @default / */
  readonly path?: string;
  /** @default Prefix */
  readonly pathType?: 'Prefix' | 'Exact' | 'ImplementationSpecific';
  /** The Service, and the number or name of its port. */
  readonly backend: { readonly name: string; readonly port: number | string };
}

/** Properties of an {@link Ingress}. */
export interface IngressProps extends MetadataOptions {
  readonly name: string;
  /** Rules for one host that follow each other are paths of it. */
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
        rules: byHost(rules).map(renderHost),
        tls: tlsSecret === undefined ? undefined : [{ hosts, secretName: nameOf(tlsSecret) }],
      }),
    });
  }
}

function byHost(rules: readonly IngressRule[]): IngressRule[][] {
  const groups: IngressRule[][] = [];
  for (const rule of rules) {
    const last = groups.at(-1);
    if (last?.[0]?.host === rule.host && last !== undefined) {
      last.push(rule);
    } else {
      groups.push([rule]);
    }
  }
  return groups;
}

function renderHost(rules: readonly IngressRule[]): k8s.IngressRule {
  const host = rules[0]?.host;
  return defined({
    host: host === undefined ? undefined : checkHost(host),
    http: { paths: rules.map(renderPath) },
  });
}

function renderPath({ path = '/', pathType = 'Prefix', backend: { name, port } }: IngressRule): k8s.HttpIngressPath {
  const number = typeof port === 'number' ? checkPort(`port of backend ${name}`, port) : undefined;
  const portName = typeof port === 'string' ? checkLabel(`port of backend ${name}`, port) : undefined;
  return { path, pathType, backend: { service: { name, port: defined({ number, name: portName }) } } };
}

/** A host may begin with a star for one label. */
function checkHost(host: string): string {
  checkSubdomain('ingress host', host.replace(/^\*\./, ''));
  return host;
}
