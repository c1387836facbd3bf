import { describe, expect, it } from 'vitest';
import {
  globPattern,
  policiesOfAnnotations,
  policiesOfUpdaters,
} from '../../../src/migration/argocd/image-policies.js';

const annotated = (annotations: Record<string, string>): string[] =>
  policiesOfAnnotations(
    Object.fromEntries(
      Object.entries(annotations).map(([key, value]) => [`argocd-image-updater.argoproj.io/${key}`, value]),
    ),
  ).map(({ expression }) => expression.text.replaceAll('"', ''));

describe('migration/argocd/image-policies', () => {
  it.each([
    ['semver by default', { 'image-list': 'r.io/web:~1.4' }, 'semver(r.io/web, { range: ~1.4 })'],
    ['no range', { 'image-list': 'r.io/web' }, 'semver(r.io/web)'],
    [
      'newest builds',
      { 'image-list': 'w=r.io/web', 'w.update-strategy': 'newest-build', 'w.allow-tags': 'regexp:^m-' },
      'newestBuild(r.io/web, { allow: ^m- })',
    ],
    [
      'the older word for newest builds',
      { 'image-list': 'w=r.io/web', 'w.update-strategy': 'latest' },
      'newestBuild(r.io/web)',
    ],
    [
      'one moving tag',
      { 'image-list': 'w=r.io:5000/web:stable', 'w.update-strategy': 'digest' },
      'digest(r.io:5000/web, { tag: stable })',
    ],
    [
      'a moving tag without a word',
      { 'image-list': 'w=web', 'w.update-strategy': 'digest' },
      'digest(web, { tag: latest })',
    ],
    [
      'alphabetical order and what is ignored',
      { 'image-list': 'w=web', 'w.update-strategy': 'alphabetical', 'w.ignore-tags': 'latest, *-rc?' },
      'alphabetical(web, { ignore: [^latest$, ^.*-rc.$] })',
    ],
    [
      'settings of the whole application',
      { 'image-list': 'w=web', 'update-strategy': 'newest-build', 'w.platforms': 'linux/arm64' },
      'newestBuild(web, { platform: linux/arm64 })',
    ],
    ['any tag', { 'image-list': 'w=web', 'w.allow-tags': 'any' }, 'semver(web)'],
  ])('understands %s', (_what, annotations, expected) => {
    expect(annotated(annotations as Record<string, string>)).toEqual([expected]);
  });

  it('lists one policy for each image, and none without a list', () => {
    expect(annotated({ 'image-list': 'a=one, two:1.x' })).toEqual(['semver(one)', 'semver(two, { range: 1.x })']);
    expect(annotated({})).toEqual([]);
  });

  it('takes the settings nearest to an image of an ImageUpdater, of the first reference that fits', () => {
    const updater = {
      commonUpdateSettings: { updateStrategy: 'newest-build', allowTags: 'regexp:^a' },
      applicationRefs: [
        {
          namePattern: 'web-*',
          commonUpdateSettings: { allowTags: 'regexp:^b' },
          images: [
            { alias: 'x', imageName: 'x' },
            { alias: 'y', imageName: 'y:1', commonUpdateSettings: { updateStrategy: 'semver', allowTags: 'any' } },
          ],
        },
        { namePattern: '*', images: [{ alias: 'z', imageName: 'z' }] },
      ],
    };
    const of = (app: string): string[] =>
      policiesOfUpdaters(app, [updater]).map(({ expression }) => expression.text.replaceAll('"', ''));
    expect(of('web-1')).toEqual(['newestBuild(x, { allow: ^b })', 'semver(y, { range: 1 })']);
    expect(of('other')).toEqual(['newestBuild(z, { allow: ^a })']);
  });

  it('names an image as the objects do, and says what it could not say', () => {
    const [policy] = policiesOfAnnotations(
      {
        'argocd-image-updater.argoproj.io/image-list': 'w=nginx',
        'argocd-image-updater.argoproj.io/w.allow-tags': 'what',
        'argocd-image-updater.argoproj.io/w.platforms': 'linux/amd64,linux/arm64',
      },
      () => 'docker.io/library/nginx',
    );
    expect(policy?.expression.text).toBe('semver("docker.io/library/nginx")');
    expect(policy?.notes).toEqual([
      'docker.io/library/nginx: allow-tags "what" is not understood and was left out',
      'docker.io/library/nginx: of its platforms only linux/amd64 is asked for',
    ]);
  });

  it.each([
    ['v*', 'v1.2', true],
    ['v*', 'av1', false],
    ['a.b', 'axb', false],
    ['[0-9]*', '7a', true],
  ])('%s fits %s: %s', (glob, text, fits) => {
    expect(globPattern(glob).test(text)).toBe(fits);
  });
});
