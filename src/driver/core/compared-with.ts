import type { DesiredApp, ImageOverrides } from '../../app/desired-state.js';
import { watchedProgress } from './progress.js';
import type { DriverState } from './state.js';

/** What an application's live objects are compared with: what is in force, or what a sync in stages is about whose hook is still at work. */
export function comparedWith(
  { apps, overrides }: Pick<DriverState, 'apps' | 'overrides'>,
  name: string,
): { readonly definition: DesiredApp; readonly overrides: ImageOverrides } | undefined {
  const app = apps[name];
  const progress = app && watchedProgress(app);
  if (progress !== undefined) {
    return { definition: progress.definition, overrides: { [name]: progress.target.images } };
  }
  return app?.definition && { definition: app.definition, overrides };
}
