import type { DesiredState, SynthFailure } from '../desired-state.js';
import { refOf } from '../manifest.js';
import { CHECKS, CLAIM_CHECKS } from './all-checks.js';
import { arbitrate } from './arbitrate.js';
import type { Mistake } from './check.js';
import { describeFinding, type Finding } from './finding.js';
import { type InForce, NOTHING_IN_FORCE } from './in-force.js';
import { Program } from './program.js';
import type { CheckRule, Severity } from './rule.js';

const SHOWN = 5;

/**
 * The desired state with what checks found in it. An application with an error is refused: it is in `failed`, as one that threw.
 * @param inForce decides which of two applications keeps what both want
 */
export function checkState(state: DesiredState, inForce: InForce = NOTHING_IN_FORCE): DesiredState {
  const apps = Object.values(state.apps);
  const failed = Object.keys(state.failed);
  const found = withoutRepeats(findInProgram(state, inForce));
  const refused = appsWithErrors(found);
  const claims = arbitrate({ apps, checks: CLAIM_CHECKS, inForce, refused, failed }).map((claim) =>
    findingOf(claim, claim.rule, 'error'),
  );
  const findings = [...found, ...claims].sort(byAppThenSeverity);
  return { ...state, ...withoutRefused(state, findings), findings };
}

/** What is wrong with applications for themselves, given all the others. */
function findInProgram(state: DesiredState, { definitions }: InForce): Finding[] {
  const apps = Object.values(state.apps);
  const failed = Object.keys(state.failed);
  const held = failed.flatMap((name) => (Object.hasOwn(definitions, name) ? [definitions[name]] : []));
  const known = held.filter((app) => app !== undefined);
  const program = new Program({ apps, held: known, isPartial: known.length < failed.length });
  const ignored = new Map(apps.map(({ name, ignoreChecks = {} }) => [name, ignoreChecks]));
  return CHECKS.flatMap(({ rule, severity, find }) =>
    find(program)
      .filter(({ app }) => !Object.hasOwn(ignored.get(app) ?? {}, rule))
      .map((mistake) => findingOf(mistake, rule, severity)),
  );
}

/** A field that does not fit its schema is told once, whichever rule sees it as well. */
function withoutRepeats(findings: readonly Finding[]): Finding[] {
  const placeOf = ({ app, object, field }: Finding): string => JSON.stringify([app, object, field]);
  const wrong = new Set(findings.filter(({ rule }) => rule === 'wrong-field').map(placeOf));
  return findings.filter((one) => one.rule === 'wrong-field' || wrong.size === 0 || !wrong.has(placeOf(one)));
}

function findingOf({ app, object, field, message, severity }: Mistake, rule: CheckRule, usual: Severity): Finding {
  return {
    rule,
    severity: severity ?? usual,
    app,
    ...(object !== undefined && { object: refOf(object) }),
    field,
    file: `apps/${app}/app.ts`,
    message,
  };
}

function withoutRefused(
  { apps, failed }: DesiredState,
  findings: readonly Finding[],
): Pick<DesiredState, 'apps' | 'failed'> {
  const refused = appsWithErrors(findings);
  if (refused.size === 0) {
    return { apps, failed };
  }
  const failures = [...refused].map((name) => [name, failureOf(findings.filter(({ app }) => app === name))] as const);
  return {
    apps: Object.fromEntries(Object.entries(apps).filter(([name]) => !refused.has(name))),
    failed: { ...failed, ...Object.fromEntries(failures) },
  };
}

function failureOf(findings: readonly Finding[]): SynthFailure {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const more = errors.length > SHOWN ? [`and ${errors.length - SHOWN} more`] : [];
  return {
    message: [...errors.slice(0, SHOWN).map(describeFinding), ...more].join('; '),
    ...(errors[0] && { location: errors[0].file }),
    refused: true,
  };
}

function appsWithErrors(findings: readonly Finding[]): Set<string> {
  return new Set(findings.filter(({ severity }) => severity === 'error').map(({ app }) => app));
}

function byAppThenSeverity(a: Finding, b: Finding): number {
  if (a.app !== b.app) {
    return a.app < b.app ? -1 : 1;
  }
  return a.severity < b.severity ? -1 : Number(a.severity > b.severity);
}
