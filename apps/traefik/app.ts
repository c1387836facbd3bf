import { defineApp } from '../../src/app/index.js';
import { TraefikConfig, type TraefikExposure } from '../../src/constructs/index.js';

/** Setting `traefik.exposure`: `hostNetwork` or `loadBalancer`. */
export const app = defineApp({
  namespace: 'kube-system',
  sync: 'auto',
  build(scope, context) {
    new TraefikConfig(scope, 'traefik', {
      exposure: exposureOf(context.setting('traefik.exposure', 'hostNetwork')),
      acme: { email: context.setting('acmeEmail') },
    });
  },
});

function exposureOf(mode: string): TraefikExposure {
  if (mode !== 'hostNetwork' && mode !== 'loadBalancer') {
    throw new RangeError(`setting traefik.exposure is neither hostNetwork nor loadBalancer: "${mode}"`);
  }
  return { mode };
}
