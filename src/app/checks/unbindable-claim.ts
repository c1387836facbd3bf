import type { Manifest } from '../manifest.js';
import { findQuantity, isMore } from '../quantity.js';
import type { Check } from './check.js';
import { textAt, valueAt } from './fields.js';

/** A claim on one particular volume of the program that cannot have it: it would stay Pending. */
export const unbindableClaim: Check = {
  rule: 'unbindable-claim',
  severity: 'error',
  find: (program) =>
    program.ofKind('core/PersistentVolumeClaim').flatMap(({ app, object }) => {
      const name = textAt(object, 'spec', 'volumeName');
      const found = name === undefined ? undefined : program.look({ kind: 'core/PersistentVolume', name });
      return found?.is === 'defined'
        ? OBSTACLES.flatMap((obstacle) => obstacle(object, found.object)).map((mistake) => ({
            app,
            object,
            ...mistake,
          }))
        : [];
    }),
};

interface Obstacle {
  readonly field: string;
  readonly message: string;
}

const OBSTACLES: readonly ((claim: Manifest, volume: Manifest) => Obstacle[])[] = [
  compareSize,
  compareClass,
  compareModes,
  compareVolumeMode,
  compareOwner,
];

function compareSize(claim: Manifest, volume: Manifest): Obstacle[] {
  const asked = valueAt(claim, 'spec', 'resources', 'requests', 'storage');
  const offered = valueAt(volume, 'spec', 'capacity', 'storage');
  const isTooMuch = isMore(findQuantity(asked) ?? 0, findQuantity(offered) ?? Infinity);
  const message = `asks for ${String(asked)}, and PersistentVolume ${volume.metadata.name} has ${String(offered)}; make them fit`;
  return isTooMuch ? [{ field: 'spec.resources.requests.storage', message }] : [];
}

/** A claim without a class gets the cluster's default one, which is not known here. */
function compareClass(claim: Manifest, volume: Manifest): Obstacle[] {
  const asked = textAt(claim, 'spec', 'storageClassName');
  const offered = textAt(volume, 'spec', 'storageClassName') ?? '';
  const message = `is of class "${asked ?? ''}", and PersistentVolume ${volume.metadata.name} of class "${offered}"; write the same one`;
  return asked === undefined || asked === offered ? [] : [{ field: 'spec.storageClassName', message }];
}

function compareModes(claim: Manifest, volume: Manifest): Obstacle[] {
  const [asked, offered] = [claim, volume].map((object) => modesOf(object));
  const lacking = asked?.filter((mode) => offered?.includes(mode) === false) ?? [];
  const message = `PersistentVolume ${volume.metadata.name} does not offer ${lacking.join(', ')}, only ${offered?.join(', ') || 'nothing'}`;
  return lacking.length === 0 ? [] : [{ field: 'spec.accessModes', message }];
}

function modesOf(object: Manifest): string[] {
  const modes = valueAt(object, 'spec', 'accessModes');
  return Array.isArray(modes) ? modes.map(String) : [];
}

function compareVolumeMode(claim: Manifest, volume: Manifest): Obstacle[] {
  const [asked, offered] = [claim, volume].map((object) => textAt(object, 'spec', 'volumeMode') ?? 'Filesystem');
  const message = `is ${asked ?? ''}, and PersistentVolume ${volume.metadata.name} is ${offered ?? ''}; write the same one`;
  return asked === offered ? [] : [{ field: 'spec.volumeMode', message }];
}

function compareOwner(claim: Manifest, volume: Manifest): Obstacle[] {
  const owner = valueAt(volume, 'spec', 'claimRef');
  const { name, namespace = '' } = claim.metadata;
  const owned = `${textAt(owner, 'namespace') ?? ''}/${textAt(owner, 'name') ?? ''}`;
  const message = `PersistentVolume ${volume.metadata.name} is kept for claim ${owned} by its claimRef`;
  return owner === undefined || owned === `${namespace}/${name}` ? [] : [{ field: 'spec.volumeName', message }];
}
