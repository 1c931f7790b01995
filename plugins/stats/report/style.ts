/** The style sheet of a report. The charts use its color variables too. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #ffffff; --text: #1f2328; --faint: #59636e; --line: #d1d9e0;
  --bar: #2f6fbb; --heat-0: #ebedf0; --heat-1: #b6d4f2; --heat-2: #7fb2e5; --heat-3: #4285c9; --heat-4: #1d5391;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0d1117; --text: #e6edf3; --faint: #9198a1; --line: #30363d;
    --bar: #58a6ff; --heat-0: #1c2128; --heat-1: #12365f; --heat-2: #1c5aa0; --heat-3: #3d8be0; --heat-4: #79c0ff;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 24px 16px 48px; }
h1 { font-size: 24px; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 17px; margin: 32px 0 8px; }
.about { color: var(--faint); margin: 4px 0 16px; overflow-wrap: anywhere; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin: 0; }
.tiles div { border: 1px solid var(--line); border-radius: 6px; padding: 8px 12px; }
dt { color: var(--faint); font-size: 13px; }
dd { margin: 0; font-size: 20px; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
svg { display: block; width: 100%; height: auto; }
.narrow { display: none; }
@media (max-width: 640px) { .wide { display: none; } .narrow { display: block; } }
.key { display: flex; gap: 3px; align-items: center; color: var(--faint); font-size: 13px; margin: 4px 0 0; }
.key i { width: 12px; height: 12px; border-radius: 2px; }
table { width: 100%; border-collapse: collapse; margin: 8px 0; font-size: 14px; font-variant-numeric: tabular-nums; }
th, td { padding: 5px 8px; border-bottom: 1px solid var(--line); text-align: right; vertical-align: top; }
td { white-space: nowrap; }
th:first-child { text-align: left; font-weight: 400; overflow-wrap: anywhere; }
thead th, thead th:first-child { color: var(--faint); font-weight: 600; font-size: 13px; }
.rows { overflow-x: auto; }
@media (max-width: 640px) {
  th, td { padding: 5px 4px; font-size: 13px; }
  .many tr { display: flex; flex-wrap: wrap; }
  .many th:first-child { flex: 1 0 100%; border: 0; padding-bottom: 0; }
  .many td, .many th { flex: 1 1 0; }
}
`
