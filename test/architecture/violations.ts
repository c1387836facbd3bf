import { isBuiltin } from 'node:module';
import { AREA_FOLDERS, isWiring } from './rules.js';
import type { Area, AreaRule, Exception } from './rules.js';
import type { SourceImport, SourceModule } from './source-tree.js';

/** Longer modules have more than one purpose. */
export const MOST_LINES = 400;

/** What the modules are held to. */
export interface RuleBook {
  readonly rules: Readonly<Record<Area, AreaRule>>;
  readonly exceptions: readonly Exception[];
}

/** Everything that the modules do against the rules, each as a line that names file, import and rule. */
export function findViolations(modules: readonly SourceModule[], { rules, exceptions }: RuleBook): string[] {
  const used = new Set<Exception>();
  const found = modules.flatMap((module) => {
    const area = areaOf(module.path);
    if (area === undefined) {
      return [`${module.path}: no area of the rules has this file`];
    }
    const broken = [...brokenImports(module, area, rules[area]), ...forbiddenNames(module, rules[area])];
    const kept = broken.filter((problem) => {
      const exception = exceptions.find((one) => isExcepted(one, module.path, problem));
      if (exception !== undefined) {
        used.add(exception);
      }
      return exception === undefined && !isWiring(module.path, problem.what);
    });
    return [...kept.map(({ text }) => `${module.path}: ${text}`), ...shapeProblems(module, area)];
  });
  const unused = exceptions
    .filter((exception) => !used.has(exception))
    .map(({ path, allows }) => `${path}: the exception for ${allows} is not needed any more`);
  return [...found, ...unused, ...findCycles(modules)];
}

/** The area that a file belongs to. */
export function areaOf(path: string): Area | undefined {
  return AREA_FOLDERS.find(([folder]) => path === folder || (folder.endsWith('/') && path.startsWith(folder)))?.[1];
}

interface Problem {
  /** What an exception would have to allow. */
  readonly what: string;
  readonly isTypeOnly: boolean;
  readonly text: string;
}

function isExcepted(exception: Exception, path: string, problem: Problem): boolean {
  return (
    exception.path === path && exception.allows === problem.what && (exception.typeOnly !== true || problem.isTypeOnly)
  );
}

function brokenImports(module: SourceModule, area: Area, rule: AreaRule): Problem[] {
  return module.imports.flatMap((one) => {
    const what =
      one.target === undefined ? outsideProblem(one, rule) : insideProblem(module.path, area, one.target, rule);
    return what === undefined
      ? []
      : [{ what, isTypeOnly: one.isTypeOnly, text: `imports ${one.specifier}; ${allowedText(area, rule)}` }];
  });
}

/** The package or builtin that may not be imported. */
function outsideProblem({ specifier }: SourceImport, { packages, builtins }: AreaRule): string | undefined {
  if (isBuiltin(specifier)) {
    const isAllowed =
      specifier.startsWith('node:') &&
      (builtins === 'any' ||
        (builtins === 'no-processes' && specifier !== 'node:child_process') ||
        (Array.isArray(builtins) && builtins.includes(specifier)));
    return isAllowed ? undefined : specifier;
  }
  const isAllowed = packages.some((name) => specifier === name || specifier.startsWith(`${name}/`));
  return isAllowed ? undefined : specifier;
}

/** The area that may not be imported, or the path where it is no source file. */
function insideProblem(from: string, area: Area, target: string, rule: AreaRule): string | undefined {
  const targetArea = areaOf(target);
  if (targetArea === undefined) {
    return target;
  }
  if (targetArea === area) {
    return area === 'apps' && !isShared(target) && appOf(from) !== appOf(target) ? target : undefined;
  }
  const isPort = target.endsWith('/port.ts') && rule.ports?.includes(targetArea) === true;
  return isPort || rule.areas.includes(targetArea) ? undefined : targetArea;
}

/** A file beside the folders of `apps/` is no application, and belongs to all of them. */
function isShared(path: string): boolean {
  return /^apps\/[^/]+$/.test(path);
}

function appOf(path: string): string | undefined {
  return path.split('/')[1];
}

function allowedText(area: Area, { areas, ports = [], packages, builtins }: AreaRule): string {
  const parts = [...areas, ...ports.map((port) => `${port}/port.ts`), ...packages];
  const builtinText = typeof builtins === 'string' ? `node:* (${builtins})` : builtins.join(', ');
  return `${area} may import ${[...parts, builtinText].filter((part) => part !== '').join(', ') || 'nothing'}`;
}

function forbiddenNames({ uses }: SourceModule, { forbidden = ['process.env'] }: AreaRule): Problem[] {
  return forbidden
    .filter((name) => uses.has(name))
    .map((name) => ({ what: name, isTypeOnly: false, text: `uses ${name}, which is passed in from outside here` }));
}

function shapeProblems({ path, lines, hasDefaultExport }: SourceModule, area: Area): string[] {
  const isTooLong = lines > MOST_LINES && area !== 'imports';
  return [
    ...(isTooLong ? [`${path}: has ${lines} lines; split it by purpose (${MOST_LINES} at most)`] : []),
    ...(hasDefaultExport ? [`${path}: has a default export; export it by name`] : []),
  ];
}

/** One line for each group of files that import each other in a circle. */
export function findCycles(modules: readonly SourceModule[]): string[] {
  const targets = new Map(
    modules.map(({ path, imports }) => [path, imports.flatMap(({ target }) => (target === undefined ? [] : [target]))]),
  );
  const done = new Set<string>();
  const cycles: string[] = [];
  const walk = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) {
      cycles.push(`${path}: imports itself in a circle: ${[...trail.slice(start), path].join(' -> ')}`);
      return;
    }
    if (!done.has(path)) {
      (targets.get(path) ?? []).forEach((target) => walk(target, [...trail, path]));
      done.add(path);
    }
  };
  [...targets.keys()].forEach((path) => walk(path, []));
  return cycles;
}
