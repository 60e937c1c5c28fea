import { diagramStyles } from '../diagram/diagram-styles.ts'
import { darkChartColours, lightChartColours } from '../charts/palette.ts'

/** The look of a page: light or dark as the reader's machine says, wide or narrow, and on paper. */
export const styles = `
:root{color-scheme:light dark;
--paper:#fdfdfc;--panel:#f4f5f7;--ink:#1b2028;--soft:#596273;--rule:#dcdfe5;--link:#0b5cad;
--broken:#b3261e;--holds:#0f7b4f;--unknown:#8a5a00;--broken-wash:#fcebe9;--holds-wash:#e6f4ed;--unknown-wash:#fdf3df;
${lightChartColours}}
@media (prefers-color-scheme:dark){:root{
--paper:#14171d;--panel:#1c2129;--ink:#e7e9ee;--soft:#a2abba;--rule:#323945;--link:#7cb8f7;
--broken:#ff8a7a;--holds:#5cd6a0;--unknown:#f2c14e;--broken-wash:#3a1d1b;--holds-wash:#152f25;--unknown-wash:#35290f;
${darkChartColours}}}
*{box-sizing:border-box}
html{font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;-webkit-text-size-adjust:100%;background:var(--paper);color:var(--ink)}
body{margin:0 auto;max-width:66rem;padding:2.5rem 1.5rem 4rem}
a{color:var(--link);text-underline-offset:.15em}
:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:3px}
.skip{position:absolute;left:-100vw}
.skip:focus{left:1rem;top:.5rem;background:var(--paper);padding:.4rem .8rem}
h1{font-size:clamp(1.6rem,1.2rem + 1.8vw,2.3rem);line-height:1.18;letter-spacing:-.018em;margin:.3rem 0 .7rem;text-wrap:balance}
h2{font-size:1.25rem;letter-spacing:-.01em;margin:3rem 0 .8rem;padding-top:1rem;border-top:1px solid var(--rule)}
h3{font-size:1rem;margin:1.8rem 0 .5rem}
p{margin:.5rem 0;max-width:46rem}
.origin{color:var(--soft);font-size:.875rem;margin:0;max-width:none;overflow-wrap:anywhere}
.question{font-size:1.15rem;color:var(--soft);max-width:42rem;white-space:pre-line}
.soft{color:var(--soft)}
.small{font-size:.875rem}
code,pre,.name{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.875em}
pre{background:var(--panel);border:1px solid var(--rule);border-radius:6px;padding:.7rem .9rem;margin:.5rem 0;white-space:pre-wrap;overflow-wrap:anywhere}
nav ul{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;list-style:none;padding:0;margin:1.4rem 0 0;font-size:.9375rem}
.verdict{border-left:5px solid var(--tone);background:var(--wash);border-radius:0 8px 8px 0;padding:1rem 1.25rem;margin:1.6rem 0 1rem}
.verdict>p:first-child{max-width:none;margin-top:0;font-size:1.25rem;font-weight:650;letter-spacing:-.01em}
.verdict ul{margin:.6rem 0 0;padding-left:1.1rem;max-width:56rem}
.verdict li{margin:.45rem 0}
.broken{--tone:var(--broken);--wash:var(--broken-wash)}
.holds{--tone:var(--holds);--wash:var(--holds-wash)}
.unknown{--tone:var(--unknown);--wash:var(--unknown-wash)}
.mark{color:var(--tone);font-weight:600}
.mark::before{display:inline-block;width:1.3em;font-weight:700}
.broken.mark::before{content:"✕"}
.holds.mark::before{content:"✓"}
.unknown.mark::before{content:"?"}
.mark.word{white-space:nowrap}
.wide{overflow-x:auto;margin:.6rem 0}
table{border-collapse:collapse;width:100%;font-size:.9375rem;font-variant-numeric:tabular-nums}
caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
th,td{text-align:left;vertical-align:top;padding:.42rem .9rem .42rem 0;border-bottom:1px solid var(--rule)}
th{font-size:.8125rem;font-weight:600;color:var(--soft);white-space:nowrap}
th:last-child,td:last-child{padding-right:0}
th.number,td.number{text-align:right;white-space:nowrap;padding-right:1.6rem}
.long th{white-space:normal}.long td:first-child{min-width:9rem}
.plain{list-style:none;padding:0;margin:.6rem 0 1rem}
.figures{display:grid;grid-template-columns:repeat(auto-fill,minmax(11.5rem,1fr));gap:.7rem;margin:.8rem 0;padding:0}
.figures div{background:var(--panel);border-radius:8px;padding:.7rem .9rem}
.figures dt{font-size:.8125rem;color:var(--soft)}
.figures dd{margin:.1rem 0 0;font-size:1.15rem;font-weight:600;font-variant-numeric:tabular-nums}
.figures dd small{display:block;font-size:.8125rem;font-weight:400;color:var(--soft)}
figure{margin:1.2rem 0 1.6rem}
figcaption{font-weight:600;margin-bottom:.4rem}
figcaption span{display:block;font-weight:400;font-size:.875rem;color:var(--soft)}
figure svg{display:block;width:100%;max-width:60rem;height:auto}
details{margin:.5rem 0}
summary{cursor:pointer;color:var(--link);width:fit-content}
.reveal>summary{list-style-position:inside;border:1px solid var(--link);border-radius:8px;padding:.6rem 1.1rem;font-weight:600;margin:1.2rem 0}
.reveal[open]>summary{color:var(--soft);border-color:var(--rule);font-weight:400;font-size:.875rem;padding:.3rem .8rem}
.choices{padding-left:1.4rem}
.choices li{margin:.2rem 0}
.answer{background:var(--panel);border-radius:8px;padding:.9rem 1.2rem;margin:1rem 0}
.answer p{white-space:pre-line}
.fault td{color:var(--broken)}
.set{font-weight:650}
.heat th,.heat td{padding:.42rem .45rem}
.heat td{text-align:center;background:var(--wash)}
.heat td a{color:var(--tone);font-weight:650;text-decoration:none;display:block}
.heat .rate .mark{--tone:var(--ink)}
.heat thead th{white-space:normal;text-align:center;vertical-align:bottom}.heat thead th:first-child{text-align:left}
.heat tbody th{font-size:.875rem;color:var(--ink);font-weight:400;white-space:normal;min-width:8rem}
.meanings{display:grid;grid-template-columns:fit-content(38%) 1fr;gap:.3rem 1rem}
.meanings dt{font-weight:600}
.meanings dd{margin:0}
.runs td:first-child{min-width:14rem}
.scene{overflow:auto;max-height:85vh;border:1px solid var(--rule);border-radius:8px;padding:.4rem;background:var(--paper);--d-paper:var(--paper)}
.scene svg{display:block;max-width:100%;min-width:var(--least,0);height:auto;margin:0 auto}
.scene .ev{cursor:pointer}
.bar{display:flex;flex-wrap:wrap;gap:.4rem;align-items:center;margin:.4rem 0}
.bar label{flex:1 1 14rem;min-width:0;font-size:.875rem}.bar select{width:100%}
.bar[hidden]{display:none}
.bar select,.bar button{font:inherit;font-size:.875rem;color:var(--ink);background:var(--panel);border:1px solid var(--rule);border-radius:6px;padding:.3rem .6rem;max-width:100%}
.bar button{min-width:2.2rem;cursor:pointer}
.now{min-height:1.6em;font-size:.9375rem;max-width:none}
.legend{display:flex;flex-wrap:wrap;gap:.2rem .9rem;list-style:none;padding:0;margin:.3rem 0 .8rem;font-size:.8125rem;color:var(--soft);--d-paper:var(--paper)}
.legend li{display:flex;align-items:center;gap:.3rem}
.steps{padding-left:0;list-style:none;margin:.4rem 0 .6rem}
.steps li{display:grid;grid-template-columns:7.2rem 1fr;gap:0 .8rem;padding:.28rem 0;border-bottom:1px solid var(--rule)}
.steps small{grid-column:2;color:var(--soft)}
.evidence{white-space:nowrap;font-style:italic}
.steps .moment{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.story{margin:1rem 0}.story>summary{color:inherit;width:auto}
.story:target::details-content{content-visibility:visible;block-size:auto}
.beside{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(24rem,100%),1fr));gap:0 1.5rem}.beside>section{min-width:0}.beside h3{margin-top:.8rem}
.heat td a.small{font-weight:400;text-decoration:underline;--tone:var(--ink)}.piece{display:inline-block}
.remedy{border-left:4px solid var(--holds);padding:.3rem .8rem;background:var(--holds-wash);border-radius:0 6px 6px 0}
footer{margin-top:3.5rem;padding-top:1rem;border-top:1px solid var(--rule);color:var(--soft);font-size:.8125rem}
@media (max-width:45rem){.steps li{grid-template-columns:1fr}.evidence{white-space:normal}
.steps .moment{text-align:left}.steps small{grid-column:1}body{padding:1.5rem 1rem 3rem}th,td{padding-right:.6rem}th.number,td.number{padding-right:.9rem}}
@media print{:root{--paper:#fff;--panel:#f4f5f7;--ink:#000;--soft:#444;--rule:#bbb;--link:#000;--broken:#b3261e;--holds:#0f7b4f;--unknown:#7a4f00;--broken-wash:#fff;--holds-wash:#fff;--unknown-wash:#fff;${lightChartColours}}
body{max-width:none;padding:0}nav,.skip,.bar,.keys,.now,details:not(.told):not([open]),.reveal>summary{display:none}.told::details-content{content-visibility:visible;block-size:auto}.scene{max-height:none;border:0;padding:0}.scene svg{min-width:0!important}figure,tr,.verdict{break-inside:avoid}h2{break-after:avoid}.wide{overflow:visible}a{text-decoration:none}table{font-size:.75rem}table th,table .small{font-size:inherit}th,td{padding-right:.5rem}.heat th,.heat td{padding:.3rem .2rem}.heat tbody th{min-width:6rem}th{white-space:normal}table.many{font-size:.5625rem}.many th,.many td,.many th.number,.many td.number{padding-right:.25rem;overflow-wrap:anywhere;white-space:normal}.heat.many tbody th{min-width:4rem;font-size:inherit}}
${diagramStyles}`
