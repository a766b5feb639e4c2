/// The style sheet of the HTML report: light and dark by the reader's own preference, readable in
/// print, no file from elsewhere.
#pragma once

#include <string_view>

namespace loadline::publish {

inline constexpr std::string_view kHtmlStyle = R"css(
:root { color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --text: #1b2430; --soft: #5b6675; --line: #dfe3e8;
  --risk: #b42318; --risk-bg: #fdecea; --waste: #8a5a00; --waste-bg: #fff4d6; --ok: #1f6b3a; }
@media (prefers-color-scheme: dark) { :root {
  --page: #12161c; --card: #1b2129; --text: #e6eaf0; --soft: #9aa6b5; --line: #2d3641;
  --risk: #ff8a7d; --risk-bg: #3a1c1a; --waste: #f2c25b; --waste-bg: #33290f; --ok: #7fd19b; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 2rem clamp(1rem, 3vw, 3rem); background: var(--page);
  color: var(--text); font: 15px/1.5 system-ui, "Segoe UI", Roboto, sans-serif; }
h1 { margin: 0; font-size: 1.6rem; letter-spacing: -0.01em; }
h2 { margin: 2rem 0 .6rem; font-size: 1.1rem; }
p.meta { margin: .2rem 0 0; color: var(--soft); }
.alert { margin: 1.2rem 0; padding: .8rem 1.1rem; border-radius: 8px; background: var(--risk-bg);
  border-left: 5px solid var(--risk); }
.alert strong { color: var(--risk); }
.alert ul { margin: .4rem 0 0; padding-left: 1.2rem; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(17rem, 1fr)); gap: 1rem;
  margin: 1.4rem 0; }
.tile { background: var(--card); border: 1px solid var(--line); border-radius: 10px;
  padding: 1rem 1.2rem; }
.tile h2 { margin: 0; font-size: .8rem; text-transform: uppercase; letter-spacing: .06em;
  color: var(--soft); }
.tile .big { margin: .2rem 0; font-size: 1.35rem; font-weight: 650; }
.tile.bad .big { color: var(--risk); }
.tile dl { margin: .5rem 0 0; display: grid; grid-template-columns: auto 1fr; gap: .15rem .9rem; }
.tile dt { color: var(--soft); }
.tile dd { margin: 0; overflow-wrap: anywhere; }
.tile ul { margin: .5rem 0 0; padding-left: 1.1rem; }
.tile li { margin: .25rem 0; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--line);
  border-radius: 10px; }
table { border-collapse: collapse; width: 100%; font-size: .88rem; }
caption { text-align: left; padding: .8rem 1rem; color: var(--soft); }
th, td { padding: .5rem .8rem; text-align: left; vertical-align: top;
  border-top: 1px solid var(--line); }
thead th { border-top: 0; color: var(--soft); font-weight: 600; white-space: nowrap; }
tbody th { font-weight: 600; }
tbody tr:hover { background: color-mix(in srgb, var(--soft) 9%, transparent); }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
td.value { white-space: nowrap; font-variant-numeric: tabular-nums; }
td.name, tbody th { overflow-wrap: anywhere; min-width: 7rem; }
td.why { min-width: 19rem; }
td.why ul { margin: 0; padding-left: 1rem; }
.kind, .usage, .soft { color: var(--soft); font-weight: 400; }
.usage { display: block; font-size: .92em; }
.raise { color: var(--risk); font-weight: 650; }
.lower { color: var(--waste); font-weight: 650; }
tr.risk > :first-child { box-shadow: inset 4px 0 0 var(--risk); }
tr.waste > :first-child { box-shadow: inset 4px 0 0 var(--waste); }
tr.quiet td, tr.quiet th { color: var(--soft); }
.badge { display: inline-block; padding: 0 .5rem; border-radius: 99px; font-weight: 600;
  border: 1px solid var(--line); white-space: nowrap; }
tr.risk .badge { color: var(--risk); background: var(--risk-bg); border-color: transparent; }
tr.waste .badge { color: var(--waste); background: var(--waste-bg); border-color: transparent; }
footer { margin-top: 2rem; color: var(--soft); font-size: .9rem; }
footer dl { display: grid; grid-template-columns: auto 1fr; gap: .15rem 1rem; }
footer dd { margin: 0; overflow-wrap: anywhere; }
@media print { body { padding: 0; background: none; } .scroll { overflow: visible; } }
)css";

}  // namespace loadline::publish
