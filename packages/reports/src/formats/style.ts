/** Fonts are those of the reader's machine; each system's own for Chinese is named, so that none shows boxes. */
export const style = `
@page { size: A4; margin: 16mm 12mm 16mm; @bottom-center { content: counter(page) " / " counter(pages); font-size: 8pt; } }
:root { color-scheme: light; }
body { margin: 0 auto; max-width: 190mm; padding: 4mm; color: #1b1b1b; background: #fff; font: 9.5pt/1.45 "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", "WenQuanYi Micro Hei", SimSun, sans-serif; }
h1 { font-size: 17pt; margin: 0 0 2mm; }
h2 { font-size: 12pt; margin: 7mm 0 2mm; border-bottom: 0.4mm solid #1565c0; break-after: avoid; }
.period { color: #555; margin: 0; }
.warning { border: 0.3mm solid #c62828; padding: 2mm; }
table { border-collapse: collapse; width: 100%; font-size: 8pt; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
th, td { border-bottom: 0.2mm solid #ccc; padding: 0.8mm 1.2mm; text-align: left; vertical-align: top; }
th { background: #eef3f8; }
.n { text-align: right; font-variant-numeric: tabular-nums; }
small { display: block; color: #666; font-size: 6pt; }
figure { margin: 2mm 0; break-inside: avoid; }
figcaption { font-size: 8.5pt; color: #555; }
svg { width: 100%; height: auto; font: 11px "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", sans-serif; print-color-adjust: exact; }
#method { break-before: page; }
#method td { border: 0; font-size: 8.5pt; padding: 0.9mm 0; }
#cause-table td { padding: 0.2mm 1.2mm; }
@media print { body { padding: 0; max-width: none; } th { print-color-adjust: exact; } }
`;
