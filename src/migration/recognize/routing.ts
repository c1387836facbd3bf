import { canonicalJson } from '../../app/canonical-json.js';
import type { CodeValue } from '../code.js';
import { fieldsOf, listOf } from '../normal-fields.js';
import type { Piece } from '../piece.js';
import type { SourceObject } from '../source-object.js';
import { at, filled, flagOf, metadataProps, numberOrText, textOf, wholeOf } from './values.js';
import { pieceOf } from './workloads.js';

/** An Ingress. */
export function recognizeIngress(object: SourceObject): Piece | undefined {
  const { spec, metadata } = object.manifest;
  const { ingressClassName, rules, tls, defaultBackend } = fieldsOf(spec);
  const hosts = listOf(rules).map((rule) => at(rule, 'host'));
  const [certificate] = listOf(tls);
  const isShared = listOf(tls).length === 1 && canonicalJson(at(certificate, 'hosts')) === canonicalJson(hosts);
  const paths = listOf(rules).flatMap(pathsOf);
  if (paths.length === 0 && defaultBackend === undefined) {
    return undefined;
  }
  const props = {
    name: metadata.name,
    ingressClass: textOf(ingressClassName),
    rules: paths,
    tlsSecret: isShared ? textOf(at(certificate, 'secretName')) : undefined,
    tls: isShared ? undefined : filled(listOf(tls).map(certificateOf)),
    defaultBackend: defaultBackend === undefined ? undefined : backendOf(defaultBackend),
    ...metadataProps(object.manifest),
  };
  return pieceOf('Ingress', object, { props, uses: [] });
}

function pathsOf(rule: unknown): Record<string, CodeValue>[] {
  const host = textOf(at(rule, 'host'));
  return listOf(at(rule, 'http', 'paths')).map((one) => {
    const { path, pathType, backend } = fieldsOf(one);
    return {
      host,
      path: path === '/' ? undefined : textOf(path),
      pathType: pathType === 'Prefix' ? undefined : textOf(pathType),
      backend: backendOf(backend),
    };
  });
}

function backendOf(backend: unknown): CodeValue {
  const port = at(backend, 'service', 'port');
  return { name: textOf(at(backend, 'service', 'name')), port: numberOrText(at(port, 'number') ?? at(port, 'name')) };
}

function certificateOf(tls: unknown): CodeValue {
  return { hosts: wholeOf(at(tls, 'hosts')), secret: textOf(at(tls, 'secretName')) };
}

/** Protocol versions and ciphers of Traefik's routes. */
export function recognizeTlsOption(object: SourceObject): Piece {
  const { minVersion, cipherSuites, sniStrict, clientAuth } = fieldsOf(object.manifest.spec);
  const version = /^VersionTLS1([23])$/.exec(textOf(minVersion) ?? '')?.[1];
  const props = {
    name: object.manifest.metadata.name,
    minVersion: version === undefined ? undefined : `1.${version}`,
    cipherSuites: wholeOf(cipherSuites),
    sniStrict: flagOf(sniStrict),
    clientAuthorities: wholeOf(at(clientAuth, 'secretNames')),
  };
  return pieceOf('TlsOption', object, { props, uses: [] });
}

/** The certificates that Traefik has. */
export function recognizeTlsStore(object: SourceObject): Piece {
  const { defaultCertificate, certificates } = fieldsOf(object.manifest.spec);
  const props = {
    defaultCertificate: textOf(at(defaultCertificate, 'secretName')),
    certificates: filled(listOf(certificates).map((one) => String(at(one, 'secretName')))),
  };
  return pieceOf('TlsStore', object, { props, uses: [] });
}
