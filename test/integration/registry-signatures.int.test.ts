import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FilterOptions } from '../../src/app/image-policies/policy.js';
import type { ImagePolicy } from '../../src/app/image-policy.js';
import { digest as digestPolicy, newestBuild, semver } from '../../src/app/image-policy.js';
import { systemClock } from '../../src/base/clock.js';
import { silentLogger } from '../../src/base/logger.js';
import { listBuilds } from '../../src/driver/effects/list-builds.js';
import type { Registry } from '../../src/sources/registry/port.js';
import { createRegistry } from '../../src/sources/registry/registry.js';
import { startFakeRegistry } from '../support/fake-registry.js';
import type { FakeLayer } from '../support/fake-registry-store.js';
import type { FakeRegistry } from '../support/fake-registry.js';
import type { SigningKey } from '../support/signatures.js';
import { signedBundle, signingKey, simplePayload } from '../support/signatures.js';

const IMAGE = 'ghcr.io/o/app';
const REPOSITORY = 'o/app';
const KEY = signingKey();
const STRANGER = signingKey();
const BUNDLE = 'application/vnd.dev.sigstore.bundle.v0.3+json';
const SIMPLE = 'application/vnd.dev.cosign.simplesigning.v1+json';
const ARTIFACT = 'application/vnd.dev.cosign.artifact.sig.v1+json';

describe('sources/registry with signatures', () => {
  let fake: FakeRegistry;
  let registry: Registry;

  beforeEach(async () => {
    fake = await startFakeRegistry();
    registry = createRegistry({
      endpoints: fake.endpoints('ghcr.io'),
      timeoutMs: 5000,
      userAgent: 'prodesk-test',
      clock: systemClock,
      logger: silentLogger,
    });
  });
  afterEach(async () => {
    await registry.close();
    await fake.stop();
  });

  const add = (tag: string, day = 1): string =>
    fake.addImage(REPOSITORY, tag, { createdAt: new Date(Date.UTC(2026, 0, day)) });
  const layer = (digest: string, key = KEY, signed = simplePayload(digest)): FakeLayer => ({
    mediaType: SIMPLE,
    bytes: signed,
    annotations: { 'dev.cosignproject.cosign/signature': key.sign(signed) },
  });
  const signatureTag = (digest: string): string => `${digest.replace(':', '-')}.sig`;
  const sign = (digest: string, ...keys: SigningKey[]): void =>
    fake.addArtifact(
      REPOSITORY,
      signatureTag(digest),
      keys.map((key) => layer(digest, key)),
    );
  const verify = (digest: string, publicKeys = KEY.publicPem) => registry.verify(IMAGE, digest, { publicKeys });

  describe('verify', () => {
    it.each<[string, (digest: string) => void]>([
      ['behind cosign’s tag', (digest) => sign(digest, KEY)],
      ['beside one by another key', (digest) => sign(digest, STRANGER, KEY)],
      ['among the referrers', (digest) => fake.addReferrer(REPOSITORY, digest, ARTIFACT, [layer(digest)])],
      [
        'in the index that stands in for referrers',
        (digest) => fake.addReferrer(REPOSITORY, digest, ARTIFACT, [layer(digest)], 'tag'),
      ],
      [
        'in a bundle',
        (digest) =>
          fake.addReferrer(REPOSITORY, digest, BUNDLE, [{ mediaType: BUNDLE, bytes: signedBundle(KEY, digest) }]),
      ],
      [
        'in a bundle beside an attestation, listed by the type of its empty configuration',
        (digest) => {
          const bytes = signedBundle(KEY, digest, 'https://slsa.dev/provenance/v1');
          fake.addReferrer(REPOSITORY, digest, BUNDLE, [{ mediaType: BUNDLE, bytes }]);
          const signature = { mediaType: BUNDLE, bytes: signedBundle(KEY, digest) };
          fake.addReferrer(REPOSITORY, digest, 'application/vnd.oci.empty.v1+json', [signature]);
        },
      ],
    ])('a signature %s is found', async (_where, prepare) => {
      const digest = add('v1');
      prepare(digest);
      expect(await verify(digest)).toEqual({ kind: 'verified' });
    });

    it.each(['P-256', 'P-384', 'RSA', 'Ed25519'] as const)(
      'a signature by a key of the kind %s counts',
      async (kind) => {
        const key = signingKey(kind);
        const digest = add('v1');
        sign(digest, key);
        expect(await verify(digest, key.publicPem)).toEqual({ kind: 'verified' });
      },
    );

    it.each<[string, (digest: string, other: string) => void, string]>([
      ['nothing', () => undefined, 'it has no signature'],
      ['a signature by another key', (digest) => sign(digest, STRANGER), 'no signature of its 1 fits the public key'],
      [
        'the signature of another image',
        (digest, other) => fake.addArtifact(REPOSITORY, signatureTag(digest), [layer(other)]),
        'its signature was made for another image',
      ],
      [
        'the payload of this image with the signature of another',
        (digest, other) =>
          fake.addArtifact(REPOSITORY, signatureTag(digest), [{ ...layer(other), bytes: simplePayload(digest) }]),
        'no signature of its 1 fits the public key',
      ],
      [
        'an attestation alone',
        (digest) => {
          const bytes = signedBundle(KEY, digest, 'https://slsa.dev/provenance/v1');
          fake.addReferrer(REPOSITORY, digest, BUNDLE, [{ mediaType: BUNDLE, bytes }]);
        },
        'it has no signature',
      ],
      [
        'a referrer of another kind',
        (digest) => fake.addReferrer(REPOSITORY, digest, 'application/spdx+json', [layer(digest)]),
        'it has no signature',
      ],
    ])('an image with %s is refused with the reason', async (_what, prepare, reason) => {
      prepare(add('v1'), add('v2', 2));
      expect(await verify(add('v1'))).toEqual({ kind: 'refused', reason });
    });

    it('a signed image costs nothing the second time, and another key is another question', async () => {
      const digest = add('v1');
      sign(digest, KEY);
      await verify(digest);
      const before = fake.requests.length;
      expect(await verify(digest)).toEqual({ kind: 'verified' });
      expect(fake.requests.length).toBe(before);
      expect(await verify(digest, STRANGER.publicPem)).toMatchObject({ kind: 'refused' });
    });

    it('an image that is signed later is found then', async () => {
      const digest = add('v1');
      expect(await verify(digest)).toMatchObject({ kind: 'refused' });
      sign(digest, KEY);
      expect(await verify(digest)).toEqual({ kind: 'verified' });
    });

    it.each([
      ['a registry that fails', { on: 'manifest', status: 500 }, 'registry/unavailable'],
      ['a registry that says no', { on: 'manifest', status: 403 }, 'registry/denied'],
      ['a payload that was tampered with', { on: 'blob', how: 'corrupt' }, 'registry/invalid'],
    ] as const)('%s is an error, and not taken for an answer', async (_what, fault, code) => {
      const digest = add('v1');
      sign(digest, KEY);
      fake.fail(fault);
      await expect(verify(digest)).rejects.toMatchObject({ code });
    });

    it('a key that cannot be used is a configuration error', async () => {
      await expect(verify(add('v1'), 'no key')).rejects.toMatchObject({ code: 'config/invalid' });
    });
  });

  describe('a policy that verifies', () => {
    const options: FilterOptions = { verify: { cosignKey: KEY.publicPem } };
    const poll = async (policy: ImagePolicy, settings: Readonly<Record<string, string>> = {}) => {
      const sources = {
        workspace: {
          secrets: () => Promise.resolve({}),
          settings: () => Promise.resolve({ settings, secretKeys: [] }),
        },
        secrets: { readSecret: () => Promise.resolve(undefined) },
        sharedNamespaces: [],
      };
      const effect = { type: 'listBuilds', poll: 'key', followers: [{ app: 'web', policy }] } as const;
      const event = await listBuilds(registry, sources, effect, new AbortController().signal);
      const found = event.type === 'buildsListed' ? event.found[0] : undefined;
      return { tags: found?.builds.map(({ tag }) => tag), problem: found?.problem };
    };

    it.each([
      ['newestBuild', newestBuild(IMAGE, options)],
      ['semver', semver(IMAGE, options)],
    ])('%s takes the best that is signed, and tells why a better one is not taken', async (_name, policy) => {
      sign(add('1.0.0', 1), KEY);
      sign(add('1.1.0', 2), KEY);
      sign(add('1.2.0', 3), STRANGER);
      add('1.3.0', 4);
      expect(await poll(policy)).toEqual({
        tags: ['1.1.0'],
        problem: {
          code: 'image/unverified',
          message: `${IMAGE}:1.3.0 is not taken: it has no signature; 1 older ones were not taken either`,
        },
      });
    });

    it('a tag that moves is taken only where it points to something signed', async () => {
      const policy = digestPolicy(IMAGE, { tag: 'stable', ...options });
      add('stable');
      expect(await poll(policy)).toMatchObject({ tags: [], problem: { code: 'image/unverified' } });
      sign(add('stable', 2), KEY);
      expect(await poll(policy)).toEqual({ tags: ['stable'], problem: undefined });
    });

    it('nothing is taken where nothing is signed, and ten are looked at', async () => {
      for (let minor = 0; minor < 15; minor += 1) {
        add(`1.${minor}.0`, minor + 1);
      }
      const { tags, problem } = await poll(semver(IMAGE, options));
      expect(tags).toEqual([]);
      expect(problem?.message).toContain('9 older ones');
      expect(fake.requests.filter(({ url }) => url.endsWith('.sig'))).toHaveLength(10);
    });

    it('the key may be a setting of the stack, and without it nothing is taken', async () => {
      sign(add('1.0.0'), KEY);
      const policy = semver(IMAGE, { verify: { cosignKey: 'cosign' } });
      expect(await poll(policy, { cosign: KEY.publicPem })).toEqual({ tags: ['1.0.0'], problem: undefined });
      expect(await poll(policy)).toMatchObject({
        tags: [],
        problem: { code: 'config/missing', message: expect.stringContaining('prodesk:cosign') as string },
      });
      expect(await poll(policy, { cosign: 'no key' })).toMatchObject({ tags: [], problem: { code: 'config/invalid' } });
    });
  });
});
