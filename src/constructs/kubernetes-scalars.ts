import type { ScalarTag, Tags } from 'yaml';

/** What YAML 1.1 has and Kubernetes has not: times and base 60. */
const FOREIGN_TAGS = new Set(['tag:yaml.org,2002:timestamp', 'tag:yaml.org,2002:binary', 'tag:yaml.org,2002:set']);
const FLOAT_TAG = 'tag:yaml.org,2002:float';
/** What Go takes for a number; the library also takes `.` and `e5`, and makes `123e4567` infinite. */
const FLOAT = /^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/;

/** Octal and hexadecimal numbers that Go knows and YAML 1.1 does not: `0o644`, `0X1f`. */
const GO_INTEGER: ScalarTag = {
  identify: () => false,
  default: true,
  tag: 'tag:yaml.org,2002:int',
  test: /^[-+]?0(?:o[0-7_]+|O[0-7_]+|X[0-9a-fA-F_]+|B[01_]+)$/,
  resolve: (text) => {
    const sign = text.startsWith('-') ? -1 : 1;
    return sign * Number(text.replace(/^[-+]/, '').replaceAll('_', '').toLowerCase());
  },
};

/** The tags of YAML 1.1, resolving plain scalars to what Kubernetes takes them for. */
export function kubernetesTags(tags: Tags): Tags {
  return [...tags.filter(isKubernetesTag).map(withFloatsOfGo), GO_INTEGER];
}

function isKubernetesTag(tag: Tags[number]): boolean {
  return typeof tag === 'string' || !(FOREIGN_TAGS.has(tag.tag) || ('format' in tag && tag.format === 'TIME'));
}

function withFloatsOfGo(tag: Tags[number]): Tags[number] {
  return isScalarTag(tag) && tag.tag === FLOAT_TAG && tag.test?.test('.inf') === false
    ? { ...tag, resolve: resolveFloat }
    : tag;
}

function isScalarTag(tag: Tags[number]): tag is ScalarTag {
  return typeof tag !== 'string' && tag.collection === undefined;
}

function resolveFloat(text: string): unknown {
  const plain = text.replaceAll('_', '');
  const value = Number(plain);
  return FLOAT.test(plain) && Number.isFinite(value) ? value : text;
}
