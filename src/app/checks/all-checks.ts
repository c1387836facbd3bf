import type { Check } from './check.js';
import type { ClaimCheck } from './claims.js';
import { duplicateNodePort } from './duplicate-node-port.js';
import { duplicateObject } from './duplicate-object.js';
import { duplicateRoute } from './duplicate-route.js';
import { duplicateVolume } from './duplicate-volume.js';
import { floatingTag } from './floating-tag.js';
import { invalidHook } from './invalid-hook.js';
import { invalidLabel } from './invalid-label.js';
import { invalidName } from './invalid-name.js';
import { invalidPort } from './invalid-port.js';
import { invalidQuantity } from './invalid-quantity.js';
import { invalidWave } from './invalid-wave.js';
import { lfsPointer } from './lfs-pointer.js';
import { limitBelowRequest } from './limit-below-request.js';
import { missingBackend } from './missing-backend.js';
import { missingClaim } from './missing-claim.js';
import { missingConfig } from './missing-config.js';
import { missingMiddleware } from './missing-middleware.js';
import { missingNamespace } from './missing-namespace.js';
import { missingVolume } from './missing-volume.js';
import { monitorSelectsNothing } from './monitor-selects-nothing.js';
import { rejectedTag } from './rejected-tag.js';
import { serviceSelectsNothing } from './service-selects-nothing.js';
import { unbindableClaim } from './unbindable-claim.js';
import { unknownKind } from './unknown-kind.js';
import { unusedImagePolicy } from './unused-image-policy.js';
import { wrongField } from './wrong-field.js';

/** Checks that judge each application by what is there. */
export const CHECKS: readonly Check[] = [
  wrongField,
  unknownKind,
  invalidName,
  invalidLabel,
  invalidPort,
  invalidQuantity,
  invalidWave,
  invalidHook,
  lfsPointer,
  limitBelowRequest,
  missingNamespace,
  missingConfig,
  missingClaim,
  missingVolume,
  unbindableClaim,
  missingBackend,
  missingMiddleware,
  serviceSelectsNothing,
  monitorSelectsNothing,
  floatingTag,
  rejectedTag,
  unusedImagePolicy,
];

/** Checks for what only one object can have. */
export const CLAIM_CHECKS: readonly ClaimCheck[] = [
  duplicateObject,
  duplicateNodePort,
  duplicateRoute,
  duplicateVolume,
];
