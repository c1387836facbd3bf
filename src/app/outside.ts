/** An object that no application makes, and that is in the cluster all the same: made by hand, by a chart, or by another program. */
export type OutsideObject =
  | {
      readonly kind: 'ConfigMap' | 'Secret';
      readonly name: string;
      /** @default - the application's */
      readonly namespace?: string;
      /** The keys that it has. @default - every key that is asked for is taken to be there */
      readonly keys?: readonly string[];
    }
  | {
      readonly kind: 'Middleware' | 'PersistentVolumeClaim' | 'Service' | 'TLSOption';
      readonly name: string;
      /** @default - the application's */
      readonly namespace?: string;
    }
  | { readonly kind: 'Namespace' | 'PersistentVolume'; readonly name: string };
