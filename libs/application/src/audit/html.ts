/** Pages for people: no script, nothing from elsewhere, fit for printing. */

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
}

/** Beijing time to the second, as `2026-11-24 19:16:05`. */
export function timeText(at: number): string {
  if (!Number.isFinite(at)) return '';
  return new Date(at + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
}

const STYLE = [
  "body { font: 15px/1.6 system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif; color: #1c2430; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }",
  'h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; } h3 { font-size: 1rem; margin: 0 0 .3rem; }',
  'span, .foot, .leaf { color: #66707f; } p { margin: .2rem 0; } i { font-style: normal; font-variant-numeric: tabular-nums; }',
  'table { border-collapse: collapse; } th, td { text-align: left; padding: .25rem .9rem .25rem 0; vertical-align: top; font-weight: normal; }',
  'td.number { text-align: right; font-variant-numeric: tabular-nums; } table.lined td, table.lined th { border-bottom: 1px solid #dfe4ea; }',
  '.facts th { color: #66707f; white-space: nowrap; }',
  '.entry { border-left: 3px solid #d5dbe3; padding: .2rem 0 .2rem .9rem; margin: .9rem 0; break-inside: avoid; }',
  '.leaf { font: 11px/1.4 ui-monospace, monospace; overflow-wrap: anywhere; } .name { font-variant: small-caps; }',
  "svg { width: 100%; height: auto; } svg text { font: 11px system-ui, 'PingFang SC', 'Microsoft YaHei', sans-serif; fill: #1c2430; }",
  '@media print { body { margin: 0; max-width: none; font-size: 11pt; } h2 { break-after: avoid; } }',
  '@page { margin: 18mm 15mm; }',
].join('\n');

export function pageOf(title: string, body: string): string {
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>${STYLE}</style></head><body>
<h1>${escapeHtml(title)}</h1>
<p><span>时间均为北京时间 Times are Asia/Shanghai</span></p>
${body}
</body></html>
`;
}
