/** The report's style. Colours keep their contrast on both grounds, and lines differ in lightness as well. */
export const STYLE = `
:root { color-scheme: light dark;
  --ground: #ffffff; --card: #f6f7f9; --text: #1b1f24; --soft: #59636e; --rule: #d5dae0;
  --c1: #1a7f37; --c2: #b25e00; --c3: #7d3ccb; --c4: #c62828; --c5: #0860ca; --c6: #59636e; --pass: #1a7f37; --fail: #c62828; }
@media (prefers-color-scheme: dark) { :root {
  --ground: #12161b; --card: #1b2128; --text: #e8ecf0; --soft: #a0abb6; --rule: #38414b;
  --c1: #4cc46a; --c2: #f0a33e; --c3: #bb94f5; --c4: #ff7b72; --c5: #6cb0ff; --c6: #a0abb6; --pass: #4cc46a; --fail: #ff7b72; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 24px 20px 60px; }
h1 { font-size: 26px; margin: 0 0 4px; } h2 { font-size: 20px; margin: 0 0 4px; }
h3 { font-size: 15px; margin: 20px 0 6px; }
p { margin: 6px 0; } .soft, .unit { color: var(--soft); font-weight: normal; }
code { font: 13px/1.4 ui-monospace, monospace; overflow-wrap: anywhere; }
section { border-top: 1px solid var(--rule); margin-top: 36px; padding-top: 24px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; } caption { text-align: left; color: var(--soft); padding-bottom: 4px; }
th, td { padding: 5px 10px; text-align: left; border-bottom: 1px solid var(--rule); vertical-align: top; }
thead th { color: var(--soft); font-weight: 600; font-size: 13px; vertical-align: bottom; }
tbody th { font-weight: 600; } .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.verdict { font-weight: 700; white-space: nowrap; } .PASS { color: var(--pass); } .FAIL { color: var(--fail); }
a { color: var(--c5); }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(430px, 100%), 1fr)); gap: 14px; margin-top: 14px; }
figure { margin: 0; background: var(--card); border: 1px solid var(--rule); border-radius: 8px; padding: 10px 12px; min-width: 0; }
figcaption { font-weight: 600; font-size: 14px; margin-bottom: 4px; }
figure svg { width: 100%; height: auto; display: block; }
svg text { fill: var(--soft); font: 11px system-ui, sans-serif; } svg text.mark { fill: var(--text); }
.grid { stroke: var(--rule); stroke-width: 1; } line.mark { stroke: var(--text); stroke-dasharray: 4 3; }
.line { fill: none; stroke-width: 1.8; stroke-linejoin: round; }  .line.c4 { stroke-width: 4; } .area { opacity: .35; stroke: none; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 2px 16px; margin: 4px 0 0; padding: 0; font-size: 13px; }
.legend i { display: inline-block; width: 14px; height: 4px; border-radius: 2px; margin-right: 6px; vertical-align: middle; }
.span { text-align: center; }
.counts table + table { margin-top: 10px; } .bars caption { font-weight: 600; font-size: 14px; color: var(--text); }
.bars th, .bars td { border: 0; padding-block: 2px; vertical-align: middle; } .bars th { font-weight: normal; white-space: nowrap; width: 1%; } .bars .number { width: 1%; }
.bars th, .bars .none { padding-left: 0; } .bars td.bar { padding-right: 0; } .bars svg { height: 12px; border-radius: 3px; }
.none { color: var(--soft); }
${[1, 2, 3, 4, 5, 6].map((colour) => `.line.c${colour} { stroke: var(--c${colour}); } .area.c${colour}, .dot.c${colour}, rect.c${colour} { fill: var(--c${colour}); } i.c${colour} { background: var(--c${colour}); }`).join('\n')}
`
