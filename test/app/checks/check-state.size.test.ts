import { describe, expect, it } from 'vitest';
import { checkState } from '../../../src/app/checks/check-state.js';
import { newestBuild } from '../../../src/app/image-policy.js';
import type { DesiredApp } from '../../../src/app/desired-state.js';
import type { Manifest } from '../../../src/app/manifest.js';
import { appName, followedImage, NAMESPACE, objectsOf } from '../../bench/generated-apps.js';
import { app, revision } from './revision.js';

const APPS = 1_000;

/** An application of the bench, as a revision has it. */
function generated(index: number): DesiredApp {
  const objects = objectsOf({ index, value: 'x' }, NAMESPACE) as readonly Manifest[];
  const image = followedImage(index);
  const images = image === undefined ? [] : [newestBuild(image, { allow: '^v' })];
  return app(appName(index), objects, { namespace: NAMESPACE, images });
}

describe('app/checks/check-state at size', () => {
  it('a thousand applications of the bench are free of mistakes', () => {
    const apps = Array.from({ length: APPS }, (_, index) => generated(index));
    expect(checkState(revision(apps)).findings).toEqual([]);
  });
});
