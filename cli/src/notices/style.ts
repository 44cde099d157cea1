/** The page's style. Its colors on one another have a contrast of at least 4.5 (WCAG 2.2, 1.4.3), in light and dark. */
export const STYLE = `
:root { color-scheme: light dark; --page: #f4f5f5; --card: #fff; --text: #1f2937; --weak: #55606e; --line: #d5d9df;
  --link: #1355b0; --firing: #b3261e; --resolved: #1b6b36; }
@media (prefers-color-scheme: dark) {
  :root { --page: #111217; --card: #1b1d23; --text: #e4e6eb; --weak: #a5adba; --line: #34373f; --link: #7ab0f5;
    --firing: #ff8a80; --resolved: #7fd69b; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
main, header { max-width: 56rem; margin: 0 auto; padding: 1rem; }
header { padding-bottom: 0; }
h1 { margin: 0; font-size: 1.5rem; }
h2 { margin: 0; font-size: 1.1rem; overflow-wrap: anywhere; }
h3 { margin: 0; font-size: 1rem; overflow-wrap: anywhere; }
p { margin: .25rem 0; overflow-wrap: anywhere; }
.text { white-space: pre-line; }
a { color: var(--link); }
time, .weak { color: var(--weak); font-size: .9rem; }
article { background: var(--card); border: 1px solid var(--line); border-left: .4rem solid var(--resolved);
  border-radius: .4rem; padding: .75rem 1rem; margin-bottom: 1rem; }
article.firing { border-left-color: var(--firing); }
section { border-top: 1px solid var(--line); margin-top: .6rem; padding-top: .6rem; }
.state { font-weight: 700; color: var(--resolved); }
.firing > .state, .state.firing { color: var(--firing); }
ul { list-style: none; margin: .35rem 0; padding: 0; display: flex; flex-wrap: wrap; gap: .35rem 1rem; }
ul.labels { gap: .35rem; }
.labels li { border: 1px solid var(--line); border-radius: .8rem; padding: 0 .6rem; font-size: .85rem;
  overflow-wrap: anywhere; max-width: 100%; }
`;
