import { textAt, type KubeObject } from '../kube-object.js';
import type { Health } from '../port.js';
import { health, HEALTHY } from './result.js';

/** A PersistentVolumeClaim by its phase. */
export function persistentVolumeClaimHealth(object: KubeObject): Health {
  const phase = textAt(object, 'status', 'phase');
  switch (phase) {
    case 'Bound':
      return HEALTHY;
    case 'Lost':
      return health('Degraded', 'the bound volume is gone');
    case 'Pending':
    case undefined:
      return health('Progressing', 'the claim is not bound yet');
    default:
      return health('Unknown', `phase ${phase}`);
  }
}

/** A PersistentVolume: only a failed reclaim is bad; an unbound or released volume is as it should be. */
export function persistentVolumeHealth(object: KubeObject): Health {
  return textAt(object, 'status', 'phase') === 'Failed'
    ? health('Degraded', textAt(object, 'status', 'message') ?? 'the volume failed to be reclaimed')
    : HEALTHY;
}
