/** How the pages look: dark letters on white, one red thing to do, nothing small or grey (DETECTION §1.1, L10). */

export const STYLE = `
:root { color-scheme: light; --ink: #1b1b1f; --quiet: #46464f; --line: #d5d5dd; --red: #b3121d; --green: #0b6b3a; --paper: #fff; --shade: #f4f4f7; }
* { box-sizing: border-box; margin: 0; }
html { -webkit-text-size-adjust: 100%; }
body { background: var(--shade); color: var(--ink); font: 18px/1.6 system-ui, -apple-system, "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif; }
header { display: flex; justify-content: space-between; align-items: center; max-width: 36rem; margin: 0 auto; padding: 0.5rem 1rem; font-size: 1rem; color: var(--quiet); }
header a { display: inline-block; padding: 0.5rem 0.75rem; color: inherit; }
main { max-width: 36rem; margin: 0 auto; padding: 0 0.75rem 3rem; }
section { background: var(--paper); border: 1px solid var(--line); border-radius: 14px; padding: 1.1rem 1rem; margin: 0 0 0.75rem; }
h1 { font-size: 1.65rem; line-height: 1.3; text-wrap: balance; }
h2 { font-size: 1.2rem; line-height: 1.4; margin: 0 0 0.4rem; }
section > * + *, details > * + *, label + button { margin-top: 0.7rem; }
h2 + * { margin-top: 0; }
.status { border: 0; background: var(--green); color: #fff; }
.amount { font-size: 2.2rem; line-height: 1.25; font-weight: 700; margin: 0.5rem 0 0; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.amount small { display: block; font-size: 1.05rem; font-weight: 400; }
.hang-up { border: 3px solid var(--red); }
.hang-up h2 { color: var(--red); font-size: 1.45rem; }
.says { list-style: none; padding: 0; }
.says li + li { margin-top: 0.9rem; }
.says q { quotes: none; display: block; color: var(--quiet); }
.says strong { display: block; }
button { display: block; width: 100%; min-height: 3.4rem; padding: 0.75rem 1rem; border-radius: 12px; border: 2px solid var(--ink); background: var(--paper); color: var(--ink); font: inherit; font-weight: 600; line-height: 1.35; cursor: pointer; }
button.main { background: var(--red); border-color: var(--red); color: #fff; font-size: 1.4rem; min-height: 4.4rem; }
button:focus-visible, a:focus-visible, textarea:focus-visible, input:focus-visible, summary:focus-visible { outline: 4px solid #1b6fd8; outline-offset: 2px; }
.two { display: grid; grid-template-columns: 1fr 1fr; gap: 0.6rem; margin-top: 0.8rem; }
.two form { display: contents; }
.two button { height: 100%; }
.call { display: block; padding: 0.8rem 1rem; border: 2px solid var(--line); border-radius: 12px; color: var(--ink); text-decoration: none; }
.call + .call { margin-top: 0.6rem; }
.call b { font-size: 1.5rem; margin-right: 0.4rem; }
.note { border-left: 6px solid var(--green); padding: 0.4rem 0 0.4rem 0.8rem; font-weight: 600; }
summary { font-size: 1.2rem; font-weight: 700; cursor: pointer; padding: 0.3rem 0; }
details[open] summary { margin-bottom: 0.4rem; }
label { display: block; }
textarea { display: block; width: 100%; min-height: 6rem; margin: 0.4rem 0 0.8rem; padding: 0.7rem; font: inherit; border: 2px solid var(--line); border-radius: 10px; }
.check { display: flex; gap: 0.7rem; align-items: flex-start; margin: 0.8rem 0; }
.check input { flex: none; width: 1.6rem; height: 1.6rem; margin-top: 0.15rem; }
ol { padding-left: 1.4rem; }
ol li + li { margin-top: 0.6rem; }
`;
