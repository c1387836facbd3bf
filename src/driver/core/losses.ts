import { keyOf, type Manifest, type ObjectKey } from '../../app/manifest.js';
import { hookOf } from '../../app/stages.js';
import { isKept } from '../../app/tracking.js';
import { progressOf } from './progress.js';
import type { AppState, DriverState, Problem } from './state.js';
import { withApps, without } from './state.js';

/** The objects of an application that a sync deletes once they have left it: all but those that are kept, and hooks, which come and go. */
export function mortalKeys(objects: readonly Manifest[]): ObjectKey[] {
  return objects.filter((object) => !isKept(object) && hookOf(object) === undefined).map(keyOf);
}

/**
 * Holds applications that would lose most of their objects until a person says that these may go. Looks at those only that have another definition than
 * before, or other objects in the cluster.
 */
export function settleLosses(before: DriverState, after: DriverState): DriverState {
  if (before.apps === after.apps) {
    return after;
  }
  const changed = Object.values(after.apps).flatMap((app) => {
    const known = before.apps[app.name];
    const isSame = known?.definition === app.definition && known?.deployed === app.deployed;
    const next = isSame && app.requested === known?.requested ? app : judged(app, after.settings.objectPruneLimit);
    return next === app ? [] : [next];
  });
  return withApps(after, changed);
}

/** Why an application is held that would lose most of its objects; undefined for any other. */
export function lossProblem({ name, loss, target }: AppState): Problem | undefined {
  return (
    loss && {
      code: 'prune/needs-confirmation',
      message: `commit ${target?.revision.slice(0, 7) ?? ''} removes ${loss.removed} of the ${loss.of} objects of ${name}, so nothing of it is applied; if they may go: prodesk sync ${name} --prune`,
    }
  );
}

/** One object may always go. What has begun goes on. */
function judged(app: AppState, limit: number): AppState {
  const { definition, deployed = [], requested } = app;
  const left = new Set(definition === undefined ? deployed : mortalKeys(definition.objects));
  const removed = deployed.filter((key) => !left.has(key)).length;
  const isHeld = removed > 1 && removed / deployed.length > limit && progressOf(app) === undefined;
  if (!isHeld) {
    return app.loss === undefined ? app : without(app, 'loss');
  }
  const held: AppState = { ...app, loss: { removed, of: deployed.length } };
  const problem = lossProblem(held);
  return requested === undefined || requested.prune || problem === undefined
    ? held
    : { ...without(held, 'requested'), problem };
}
