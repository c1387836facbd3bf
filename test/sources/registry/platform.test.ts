import { describe, expect, it } from 'vitest';
import {
  isContainerImage,
  manifestKindOf,
  parseCreated,
  pickPlatform,
} from '../../../src/sources/registry/platform.js';

const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const digestOf = (letter: string): string => `sha256:${letter.repeat(64)}`;
const entry = (letter: string, platform?: string, mediaType = OCI_MANIFEST) => {
  const [os, architecture, variant] = platform?.split('/') ?? [];
  return {
    mediaType,
    digest: digestOf(letter),
    ...(platform === undefined ? {} : { platform: { os, architecture, variant } }),
  };
};

describe('sources/registry/platform', () => {
  describe('pickPlatform', () => {
    const index = {
      manifests: [
        entry('0', 'unknown/unknown'),
        entry('1', 'linux/arm/v6'),
        entry('2', 'linux/arm/v7'),
        entry('3', 'linux/arm64/v8'),
        entry('4', 'linux/amd64', 'application/vnd.oci.image.index.v1+json'),
        entry('5', 'linux/amd64'),
        entry('6'),
      ],
    };

    it.each([
      ['linux/amd64', '5'],
      ['linux/arm64', '3'],
      ['linux/arm64/v8', '3'],
      ['linux/arm/v7', '2'],
    ])('%s is the manifest %s', (platform, letter) => {
      expect(pickPlatform(index, platform)).toBe(digestOf(letter));
    });

    it.each(['linux/s390x', 'windows/amd64', 'linux/arm/v5', 'linux', ''])('%j is none', (platform) => {
      expect(pickPlatform(index, platform)).toBeUndefined();
    });
  });

  it.each([
    [{ schemaVersion: 2, mediaType: OCI_MANIFEST }, undefined, 'manifest'],
    [{ schemaVersion: 2 }, 'application/vnd.docker.distribution.manifest.v2+json; charset=utf-8', 'manifest'],
    [{ schemaVersion: 2 }, undefined, 'manifest'],
    [{ schemaVersion: 2, manifests: [] }, undefined, 'index'],
    [{ schemaVersion: 2 }, 'application/vnd.oci.image.index.v1+json', 'index'],
    [{ schemaVersion: 1 }, 'application/vnd.docker.distribution.manifest.v2+json', 'other'],
    [{ schemaVersion: 2, mediaType: 'application/vnd.oci.artifact.manifest.v1+json' }, undefined, 'other'],
    [{}, undefined, 'other'],
  ])('%j with the type %s is: %s', (body, contentType, kind) => {
    expect(manifestKindOf(body, contentType)).toBe(kind);
  });

  it.each([
    ['an OCI image', 'application/vnd.oci.image.config.v1+json', 'application/vnd.oci.image.layer.v1.tar+zstd', true],
    [
      'a Docker image',
      'application/vnd.docker.container.image.v1+json',
      'application/vnd.docker.image.rootfs.diff.tar.gzip',
      true,
    ],
    [
      'a signature',
      'application/vnd.oci.image.config.v1+json',
      'application/vnd.dev.cosign.simplesigning.v1+json',
      false,
    ],
    [
      'a Helm chart',
      'application/vnd.cncf.helm.config.v1+json',
      'application/vnd.cncf.helm.chart.content.v1.tar+gzip',
      false,
    ],
  ])('%s is a container image: %4$s', (_name, config, layer, expected) => {
    const manifest = { config: { mediaType: config, digest: digestOf('a') }, layers: [{ mediaType: layer }] };
    expect(isContainerImage(manifest)).toBe(expected);
  });

  it.each([
    ['2026-03-04T05:06:07Z', 1_772_600_767_000],
    ['2026-03-04T05:06:07.123456789+09:00', 1_772_568_367_123],
    ['1970-01-01T00:00:00Z', 0],
    ['0001-01-01T00:00:00Z', undefined],
    ['yesterday', undefined],
    ['', undefined],
    [null, undefined],
    [undefined, undefined],
  ])('created %j is %j', (created, time) => {
    expect(parseCreated(created)).toBe(time);
  });
});
