// Regenerates the types beside this file from crds/*.yaml: `node src/imports/generate.mjs`.
// cdk8s-cli is installed into a temporary folder, because nothing else here needs it.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const CDK8S_CLI = 'cdk8s-cli@2.207.60';
const here = import.meta.dirname;
const workshop = mkdtempSync(join(tmpdir(), 'cdk8s-import-'));
const run = (program, ...args) => execFileSync(program, args, { cwd: workshop, stdio: 'inherit' });

/** cdk8s-cli writes imports that `verbatimModuleSyntax` refuses: types must be imported as types. */
function adapt(source) {
  return source
    .replace(
      "import { ApiObject, ApiObjectMetadata, GroupVersionKind } from 'cdk8s';",
      "import { ApiObject, type ApiObjectMetadata, type GroupVersionKind } from 'cdk8s';",
    )
    .replace("import { Construct } from 'constructs';", "import type { Construct } from 'constructs';");
}

try {
  run('npm', 'init', '--yes');
  run('npm', 'install', '--ignore-scripts', CDK8S_CLI);
  for (const file of readdirSync(join(here, 'crds'))) {
    run('npx', 'cdk8s', 'import', join(here, 'crds', file), '--language', 'typescript', '--output', 'out', '--no-save');
    const module = file.replace(/yaml$/, 'ts');
    writeFileSync(join(here, module), adapt(readFileSync(join(workshop, 'out', module), 'utf8')));
  }
} finally {
  rmSync(workshop, { recursive: true });
}
