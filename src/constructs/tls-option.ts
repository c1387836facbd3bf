import { Construct } from 'constructs';
import { TlsOption as TlsOptionObject, type TlsOptionProps as TlsOptionBody } from '../imports/traefik.io.js';
import { defined } from './defined.js';
import { KubeObject } from './kube-object.js';
import { type NameOrConstruct, nameOf } from './named.js';
import { checkSubdomain } from './validation.js';
import { type MetadataOptions, renderMetadata } from './workload.js';

/** Properties of a {@link TlsOption}. */
export interface TlsOptionProps extends MetadataOptions {
  /** `default` is for all routes that name none. */
  readonly name: string;
  /** @default - Traefik's: 1.2 */
  readonly minVersion?: '1.2' | '1.3';
  /** @default - Traefik's: the newest */
  readonly maxVersion?: '1.2' | '1.3';
  /** Cipher suites up to TLS 1.2, in Go's names. @default - Go's */
  readonly cipherSuites?: readonly string[];
  /** Elliptic curves, in order, such as `CurveP521`. @default - Go's */
  readonly curvePreferences?: readonly string[];
  /** Application protocols, in order, such as `h2`. @default - Traefik's */
  readonly alpnProtocols?: readonly string[];
  /** Whether a name without a certificate is refused. @default - Traefik's: false */
  readonly sniStrict?: boolean;
  /** Secrets with certificates of authorities; clients must show a certificate of one of them. @default - none is asked for */
  readonly clientAuthorities?: readonly NameOrConstruct[];
  /** What is asked of clients where there are `clientAuthorities`. @default RequireAndVerifyClientCert */
  readonly clientAuthType?:
    'RequestClientCert' | 'RequireAnyClientCert' | 'VerifyClientCertIfGiven' | 'RequireAndVerifyClientCert';
}

/** Protocol versions and ciphers that routes of Traefik accept. */
export class TlsOption extends Construct {
  readonly name: string;
  readonly object: KubeObject<TlsOptionBody>;

  constructor(scope: Construct, id: string, props: TlsOptionProps) {
    super(scope, id);
    this.name = checkSubdomain('TLS option name', props.name);
    const { minVersion, maxVersion, cipherSuites, curvePreferences, alpnProtocols, sniStrict, clientAuthorities } =
      props;
    this.object = new KubeObject(this, 'tls-option', TlsOptionObject, {
      metadata: renderMetadata(this.name, props),
      spec: defined({
        minVersion: minVersion && `VersionTLS${minVersion.replace('.', '')}`,
        maxVersion: maxVersion && `VersionTLS${maxVersion.replace('.', '')}`,
        cipherSuites: cipherSuites && [...cipherSuites],
        curvePreferences: curvePreferences && [...curvePreferences],
        alpnProtocols: alpnProtocols && [...alpnProtocols],
        sniStrict,
        clientAuth: clientAuthorities && {
          clientAuthType: props.clientAuthType ?? 'RequireAndVerifyClientCert',
          secretNames: clientAuthorities.map(nameOf),
        },
      }),
    });
  }
}
