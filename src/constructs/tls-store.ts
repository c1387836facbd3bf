import { Construct } from 'constructs';
import { TlsStore as TlsStoreObject, type TlsStoreProps as TlsStoreBody } from '../imports/traefik.io.js';
import { defined } from './defined.js';
import { KubeObject } from './kube-object.js';
import { type NameOrConstruct, nameOf } from './named.js';

/** Properties of a {@link TlsStore}. */
export interface TlsStoreProps {
  /** The Secret with the certificate of routes that name none. @default - one that Traefik makes for itself */
  readonly defaultCertificate?: NameOrConstruct;
  /** Secrets with more certificates; routes get the one that fits their host. @default - none */
  readonly certificates?: readonly NameOrConstruct[];
}

/** The certificates that Traefik has. It reads only the store with the name `default`, which this one has. */
export class TlsStore extends Construct {
  readonly name = 'default';
  readonly object: KubeObject<TlsStoreBody>;

  constructor(scope: Construct, id: string, { defaultCertificate, certificates }: TlsStoreProps) {
    super(scope, id);
    this.object = new KubeObject(this, 'tls-store', TlsStoreObject, {
      metadata: { name: this.name },
      spec: defined({
        defaultCertificate: defaultCertificate === undefined ? undefined : { secretName: nameOf(defaultCertificate) },
        certificates: certificates?.map((secret) => ({ secretName: nameOf(secret) })),
      }),
    });
  }
}
