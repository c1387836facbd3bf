/** The only style of every page. Its hash is in the page's policy, so it stands in the page exactly like this. */
export const STYLE = `
:root { --ink: #1c2128; --dim: #5f6b7a; --paper: #fff; --line: #dfe3e8; --good: #12703a; --waiting: #8a5a00; --bad: #b42318; --link: #0b5cad; --box: #f6f7f9; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e3e7ec; --dim: #98a4b3; --paper: #14181d; --line: #2d343d; --good: #5fd08a; --waiting: #e6b450; --bad: #ff8a80; --link: #79b8ff; --box: #1c2229; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 80rem; padding: 1.5rem 1rem 3rem; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.4rem; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.05rem; margin: 2rem 0 .5rem; }
a { color: var(--link); }
p { margin: .25rem 0; overflow-wrap: anywhere; }
code { font: .92em ui-monospace, monospace; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid var(--line); padding: .4rem .75rem .4rem 0; text-align: left; vertical-align: top; }
th { color: var(--dim); font-size: .85rem; font-weight: 600; white-space: nowrap; }
td { min-width: 4rem; overflow-wrap: anywhere; }
time { white-space: nowrap; }
.dim { color: var(--dim); }
.good, .waiting, .bad { font-weight: 600; white-space: nowrap; }
.good { color: var(--good); }
.waiting { color: var(--waiting); }
.bad { color: var(--bad); }
.box { background: var(--box); border-left: 3px solid var(--waiting); margin: .75rem 0; padding: .5rem .75rem; }
ul { margin: .25rem 0; padding-left: 1.2rem; }
summary { cursor: pointer; }
`;
