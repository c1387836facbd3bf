// @ts-check
// Regenerates the schemas beside this file. Start an API server of the wanted version first:
//   node src/cli/prodesk.mjs sandbox up && eval "$(node src/cli/prodesk.mjs sandbox env)" && node src/synth/schemas/generate.mjs
// With --check it writes nothing, and fails when the built-in kinds are not those of the API server.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { parse, parseAllDocuments } from 'yaml';
import { builtInSchemas, customSchemas, linesOf } from './compact.mjs';

/** Where the definitions of custom resources are written: a Go module, and files in it. */
const SOURCES = {
  'github.com/traefik/traefik/v3@v3.7.13': [
    'docs/content/reference/dynamic-configuration/kubernetes-crd-definition-v1.yml',
  ],
  'github.com/k3s-io/helm-controller@v0.17.9': ['helmcharts', 'helmchartconfigs'].map(
    (kind) => `pkg/crds/yaml/generated/helm.cattle.io_${kind}.yaml`,
  ),
  'github.com/prometheus-operator/prometheus-operator@v0.89.0': [
    'alertmanagerconfigs',
    'alertmanagers',
    'podmonitors',
    'probes',
    'prometheusagents',
    'prometheuses',
    'prometheusrules',
    'scrapeconfigs',
    'servicemonitors',
    'thanosrulers',
  ].map((kind) => `example/prometheus-operator-crd/monitoring.coreos.com_${kind}.yaml`),
};
const BUILT_IN = /^(api|apis\/([a-z]+|[a-z.]+\.k8s\.io))\/v[0-9a-z]+$/;

const builtIn = linesOf(await readBuiltIn(process.env.KUBECONFIG ?? ''));
if (process.argv.includes('--check')) {
  check('kubernetes.jsonl.gz', builtIn);
} else {
  write('kubernetes.jsonl.gz', builtIn);
  write('custom-resources.jsonl.gz', linesOf(readCustom()));
}

/**
 * @param {string} name
 * @param {string} text
 */
function write(name, text) {
  writeFileSync(join(import.meta.dirname, name), gzipSync(text, { level: 9 }));
}

/**
 * @param {string} name
 * @param {string} text
 */
function check(name, text) {
  if (gunzipSync(readFileSync(join(import.meta.dirname, name))).toString('utf8') !== text) {
    console.error(`${name} is not what this API server serves; run this again without --check`);
    process.exitCode = 1;
  }
}

/** @param {string} kubeconfig */
async function readBuiltIn(kubeconfig) {
  const { clusters, users } = parse(readFileSync(kubeconfig, 'utf8'));
  const { server, 'certificate-authority-data': authority, 'insecure-skip-tls-verify': insecure } = clusters[0].cluster;
  const trust = insecure === true ? { rejectUnauthorized: false } : { ca: Buffer.from(authority, 'base64') };
  const headers = { authorization: `Bearer ${users[0].user.token}` };
  const get = (/** @type {string} */ path) => fetchJson(new URL(path, server), { ...trust, headers });
  const { paths } = await get('/openapi/v3');
  const definitions = {};
  for (const [path, { serverRelativeURL }] of Object.entries(paths)) {
    if (BUILT_IN.test(path)) {
      Object.assign(definitions, (await get(serverRelativeURL)).components?.schemas);
    }
  }
  return builtInSchemas(definitions);
}

/**
 * @param {URL} url
 * @param {import('node:https').RequestOptions} options
 * @returns {Promise<any>}
 */
function fetchJson(url, options) {
  return new Promise((resolve, reject) => {
    const call = request(url, options, async (answer) => {
      const chunks = await answer.toArray();
      resolve(JSON.parse(Buffer.concat(chunks).toString('utf8')));
    });
    call.on('error', reject).end();
  });
}

function readCustom() {
  return Object.entries(SOURCES).flatMap(([module, files]) => {
    const { Dir } = JSON.parse(execFileSync('go', ['mod', 'download', '-json', module], { encoding: 'utf8' }));
    const documents = files.flatMap((file) => parseAllDocuments(readFileSync(join(Dir, file), 'utf8')));
    return documents.filter((one) => one.contents !== null).flatMap((one) => customSchemas(one.toJS()));
  });
}
