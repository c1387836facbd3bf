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
  readonly backend: IngressBackend;
}

/** A Service, and the number or name of its port. */
export interface IngressBackend {
  readonly name: string;
  readonly port: number | string;
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
  /** Several certificates, each for hosts of its own, instead of `tlsSecret`. @default - as `tlsSecret` says */
  readonly tls?: readonly { readonly hosts?: readonly string[]; readonly secret?: NameOrConstruct }[];
  /** The Service for what no rule takes. @default - the controller's */
  readonly defaultBackend?: IngressBackend;
}

/** A plain Ingress, for whichever controller the cluster has. {@link IngressRoute} says more where that is Traefik. */
export class Ingress extends Construct {
  readonly name: string;
  readonly object: KubeObject<k8s.KubeIngressProps>;

  constructor(scope: Construct, id: string, props: IngressProps) {
    super(scope, id);
    this.name = checkSubdomain('ingress name', props.name);
    const hosts = [...new Set(props.rules.flatMap(({ host }) => (host === undefined ? [] : [host])))];
    const { ingressClass, tlsSecret, tls, rules, defaultBackend } = props;
    if (tls !== undefined && tlsSecret !== undefined) {
      throw new RangeError(`ingress ${this.name} has both tls and tlsSecret`);
    }
    this.object = new KubeObject(this, 'ingress', k8s.KubeIngress, {
      metadata: renderMetadata(this.name, props),
      spec: defined({
        ingressClassName: ingressClass,
        rules: byHost(rules).map(renderHost),
        defaultBackend: defaultBackend && renderBackend(defaultBackend),
        tls: tls?.map(renderTls) ?? (tlsSecret && [{ hosts, secretName: nameOf(tlsSecret) }]),
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

function renderTls({ hosts, secret }: NonNullable<IngressProps['tls']>[number]): k8s.IngressTls {
  return defined({ hosts: hosts && [...hosts], secretName: secret && nameOf(secret) });
}

function renderPath({ path = '/', pathType = 'Prefix', backend }: IngressRule): k8s.HttpIngressPath {
  return { path, pathType, backend: renderBackend(backend) };
}

function renderBackend({ name, port }: IngressBackend): k8s.IngressBackend {
  const number = typeof port === 'number' ? checkPort(`port of backend ${name}`, port) : undefined;
  const portName = typeof port === 'string' ? checkLabel(`port of backend ${name}`, port) : undefined;
  return { service: { name, port: defined({ number, name: portName }) } };
}

/** A host may begin with a star for one label. */
function checkHost(host: string): string {
  checkSubdomain('ingress host', host.replace(/^\*\./, ''));
  return host;
}
