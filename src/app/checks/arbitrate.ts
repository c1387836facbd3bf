import type { DesiredApp } from '../desired-state.js';
import { describeRef, type Manifest, refOf } from '../manifest.js';
import type { Mistake } from './check.js';
import type { Claim, ClaimCheck } from './claims.js';
import type { InForce } from './in-force.js';
import { kindOf } from './program.js';
import type { CheckRule } from './rule.js';

/** What {@link arbitrate} judges. */
export interface Dispute {
  readonly apps: readonly DesiredApp[];
  readonly checks: readonly ClaimCheck[];
  readonly inForce: InForce;
  /** Applications that are refused for something else: they keep what they have, and get what the others leave. */
  readonly refused: ReadonlySet<string>;
  /** Applications that failed: their definitions in force keep what they have. */
  readonly failed: readonly string[];
}

/** A claim that is refused. */
export interface RefusedClaim extends Mistake {
  readonly rule: CheckRule;
}

interface PlacedClaim {
  readonly claim: Claim;
  /** Tells claims of one rule from those of another. */
  readonly key: string;
  readonly app: string;
  readonly object: Manifest;
  readonly check: ClaimCheck;
}

/**
 * Finds claims of several objects on one thing, and says who goes without: what an application has already by its definition in force stays its
 * own; then one that is deployed comes before one that is not; then the order of names decides. A refused application gets nothing new, so that it
 * takes no other one down.
 */
export function arbitrate({ apps, checks, inForce, refused, failed }: Dispute): RefusedClaim[] {
  const claims = new Map(apps.map((app) => [app.name, claimsOf(app, checks)]));
  const known = new Map(Object.values(inForce.definitions).map((app) => [app.name, app]));
  const before = memoize((name) => {
    const definition = known.get(name);
    return definition === undefined ? [] : claimsOf(definition, checks);
  });
  const owners = new Owners();
  [...failed, ...refused].flatMap(before).forEach((claim) => owners.add(claim));
  const contested = contestedClaims([...claims.values()].flat(), owners);
  const disputing = apps.filter(({ name }) => contested.has(name)).sort(byName);
  grantHeld(
    disputing.flatMap(({ name }) => contested.get(name) ?? []),
    { before, inForce, owners },
  );

  const ordered = [...disputing].sort((a, b) => Number(refused.has(a.name)) - Number(refused.has(b.name)));
  return ordered.flatMap(({ name }) => {
    const own = contested.get(name) ?? [];
    const lost = own.flatMap((claim, index) => {
      const owner = owners.find(claim) ?? own.slice(0, index).find((other) => meets(other, claim));
      return owner === undefined ? [] : [refusal(claim, owner)];
    });
    (lost.length === 0 ? own : before(name)).forEach((claim) => owners.add(claim));
    return lost;
  });
}

/** Gives applications what they have already: first what is known of their definitions, then what those have that are deployed. */
function grantHeld(
  claims: readonly PlacedClaim[],
  { before, inForce, owners }: { before: (app: string) => PlacedClaim[]; inForce: InForce; owners: Owners },
): void {
  const isHeld = (claim: PlacedClaim): boolean => before(claim.app).some((held) => held.key === claim.key);
  const deployed = new Set(inForce.deployed);
  const isOfDeployed = ({ app }: PlacedClaim): boolean => deployed.has(app) && !Object.hasOwn(inForce.definitions, app);
  for (const claim of [...claims.filter(isHeld), ...claims.filter(isOfDeployed)]) {
    if (owners.find(claim) === undefined) {
      owners.add(claim);
    }
  }
}

function claimsOf({ name, objects, ignoreChecks = {} }: DesiredApp, checks: readonly ClaimCheck[]): PlacedClaim[] {
  const counted = checks.filter(({ rule }) => rule === 'duplicate-object' || !Object.hasOwn(ignoreChecks, rule));
  const claims: PlacedClaim[] = [];
  for (const object of objects) {
    const kind = kindOf(object);
    for (const check of counted) {
      if (check.kinds === undefined || check.kinds.includes(kind)) {
        for (const claim of check.claimsOf(object)) {
          claims.push({ claim, key: `${check.rule} ${claim.key}`, app: name, object, check });
        }
      }
    }
  }
  return claims;
}

/** Those claims, by application, that are not the only one on their thing. */
function contestedClaims(claims: readonly PlacedClaim[], owners: Owners): Map<string, PlacedClaim[]> {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const { key } of claims) {
    (seen.has(key) ? repeated : seen).add(key);
  }
  const contested = new Map<string, PlacedClaim[]>();
  for (const claim of claims) {
    if (repeated.has(claim.key) || owners.find(claim) !== undefined) {
      addTo(contested, claim.app, claim);
    }
  }
  return contested;
}

/** Who has what. */
class Owners {
  readonly #byKey = new Map<string, PlacedClaim[]>();

  add(claim: PlacedClaim): void {
    addTo(this.#byKey, claim.key, claim);
  }

  /** The claim of another application that is in the way. */
  find(claim: PlacedClaim): PlacedClaim | undefined {
    return this.#byKey.get(claim.key)?.find((owner) => owner.app !== claim.app && meets(owner, claim));
  }
}

/** Whether two claims have a part of one thing in common. Claims of one object never do: it says twice what it has. */
function meets(one: PlacedClaim, other: PlacedClaim): boolean {
  if (one.key !== other.key || (one.app === other.app && one.object === other.object)) {
    return false;
  }
  const [parts, others] = [one.claim.parts, other.claim.parts];
  return parts === undefined || others === undefined || parts.some((part) => others.includes(part));
}

function refusal({ app, object, claim, check }: PlacedClaim, owner: PlacedClaim): RefusedClaim {
  const { field, what } = claim;
  const whose = owner.app === app ? `another ${owner.object.kind} of ${app}` : owner.app;
  const inObject = check.rule === 'duplicate-object' ? '' : `${describeRef(refOf(owner.object))} of `;
  const message = `${what} is that of ${inObject}${whose}; ${check.advice}`;
  return { rule: check.rule, app, object, field, message };
}

function addTo<T>(groups: Map<string, T[]>, key: string, item: T): void {
  const group = groups.get(key);
  if (group === undefined) {
    groups.set(key, [item]);
  } else {
    group.push(item);
  }
}

function memoize<T>(make: (name: string) => T): (name: string) => T {
  const made = new Map<string, T>();
  return (name) => {
    const known = made.get(name) ?? make(name);
    made.set(name, known);
    return known;
  };
}

function byName(a: DesiredApp, b: DesiredApp): number {
  return a.name < b.name ? -1 : 1;
}
