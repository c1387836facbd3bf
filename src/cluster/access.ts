/** How a client proves who it is. Secrets are read when they are used, so that a rotated token is picked up. */
export type Identity =
  | { readonly kind: 'none' }
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'token-file'; readonly path: string }
  | { readonly kind: 'certificate'; readonly certificate: string; readonly key: string }
  | { readonly kind: 'exec'; readonly plugin: ExecPlugin };

/** A program that prints an `ExecCredential`, as a kubeconfig names it. */
export interface ExecPlugin {
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Where an API server is, whom it must be, and who we are. */
export interface ClusterAccess {
  /** `https://host:port`, with the path prefix where there is one, and no slash at the end. */
  readonly server: string;
  /** PEM text of the authorities to trust; the system's own when absent. */
  readonly ca?: string;
  /** The name that the certificate of the server must carry, when it is not that of the URL. */
  readonly serverName?: string;
  /** Do not check the certificate of the server. */
  readonly insecure: boolean;
  readonly identity: Identity;
  /** Where this was read from, for messages: `context prodesk of /home/me/.kube/config`. */
  readonly origin: string;
}
