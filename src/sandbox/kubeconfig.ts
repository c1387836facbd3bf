/** Someone who may talk to the API server. */
export interface Identity {
  readonly user: string;
  readonly groups: readonly string[];
  readonly token: string;
}

/** A kubeconfig for one identity; JSON, which is YAML. */
export function kubeconfigOf(server: string, authority: string, identity: Identity): string {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: 'prodesk-sandbox',
        cluster: { server, 'certificate-authority-data': Buffer.from(authority).toString('base64') },
      },
    ],
    users: [{ name: identity.user, user: { token: identity.token } }],
    contexts: [{ name: 'prodesk-sandbox', context: { cluster: 'prodesk-sandbox', user: identity.user } }],
    'current-context': 'prodesk-sandbox',
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

/** The API server's static token file. */
export function tokenFileOf(identities: readonly Identity[]): string {
  return identities.map(({ token, user, groups }) => `${token},${user},${user},"${groups.join(',')}"\n`).join('');
}
