// corpus.mjs - real Chinese pages from two Debian packages, as a site of Markdown.
//
//   help  libreoffice-help-zh-cn: about 2,000 pages of a manual
//   man   manpages-zh: a page a manual page, or (split) a page a section
// Must not know: queries, how anything is searched.
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';

const HELP = '/usr/share/libreoffice/help/zh-CN/text';
const MAN = '/usr/share/man/zh_CN';
const LEAST_HAN = 40; // characters below which a page is a stub
const LEAST_SECTION = 32; // characters of any script below which a section is

const hanCount = (s) => (s.match(/[\u4e00-\u9fff]/g) || []).length;
const plain = (s) => s.replace(/[\s\u0000-\u001f\u007f-\u00a0\u200b]+/g, ' ').trim();

function* files(folder, ending) {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* files(file, ending);
    else if (entry.name.endsWith(ending)) yield file;
  }
}

// ---- LibreOffice's help ----

const entities = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };
const unescapeHtml = (s) =>
  s.replace(/&(#x?[0-9a-f]+|\w+);/gi, (all, name) => {
    if (name[0] !== '#') return entities[name] || ' ';
    const code = name[1] === 'x' ? parseInt(name.slice(2), 16) : parseInt(name.slice(1), 10);
    return code > 0 && code < 0x110000 ? String.fromCodePoint(code) : ' ';
  });

function helpPage(file) {
  const html = fs.readFileSync(file, 'utf8');
  const start = html.indexOf('<div id="DisplayArea"');
  if (start < 0) return null;
  const body = html
    .slice(start).replace(/<(script|style|nav|footer|aside)\b[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<div id="DonationFrame"[\s\S]*$/i, '').replace(/<!--[\s\S]*?-->/g, ' ');
  const sections = [{ heading: '', text: [] }];
  let title = '';
  for (const piece of body.split(/(?=<h[1-6]\b)|(?<=<\/h[1-6]>)/i)) {
    const inline = (s) => plain(unescapeHtml(s.replace(/<[^>]*>/g, '')));
    if (/^<h1\b/i.test(piece)) {
      if (!title) title = inline(piece);
    } else if (/^<h[2-6]\b/i.test(piece)) {
      const heading = inline(piece);
      if (heading) sections.push({ heading, text: [] });
    } else {
      for (const block of piece.split(/<\/?(?:p|div|li|ul|ol|td|tr|th|table|pre|dd|dt|dl|br|h1)\b[^>]*>/i)) {
        const text = inline(block);
        if (text) sections[sections.length - 1].text.push(text);
      }
    }
  }
  if (!title) title = plain(unescapeHtml((/<title>([^<]*)/.exec(html) || [])[1] || ''));
  return { title, sections };
}

function helpPages() {
  const pages = [];
  for (const file of files(HELP, '.html')) {
    const page = helpPage(file);
    if (!page || !page.title || page.sections.reduce((n, s) => n + hanCount(s.text.join('')), 0) < LEAST_HAN) continue;
    pages.push({ id: 'help/' + path.relative(HELP, file).replace(/\.html$/, '').replace(/[^A-Za-z0-9]+/g, '-').toLowerCase(), ...page });
  }
  return pages;
}

// ---- manual pages ----

const roffText = (s) =>
  plain(s.replace(/\\f(\[[^\]]*\]|\(..|.)/g, '').replace(/\\s[-+]?\d/g, '').replace(/\\\((co|rg|bu|em|aq|dq|lq|rq|en|hy)/g, (_, c) =>
    ({ aq: "'", dq: '"', lq: '“', rq: '”', hy: '-' })[c] || ' ').replace(/\\\[[^\]]*\]|\\\(..|\\\*(\[[^\]]*\]|\(..|.)/g, ' ')
    .replace(/\\[-]/g, '-').replace(/\\[&,/|^%:)]/g, '').replace(/\\e/g, '\\').replace(/\\(["#].*$)/, '').replace(/\\(.)/g, '$1'));
const words = (s) => (s.match(/"(?:[^"]|"")*"|\S+/g) || []).map((w) => w.replace(/^"|"$/g, ''));

function manPage(file) {
  const sections = [{ heading: '', text: [] }];
  let fresh = true;
  const add = (text) => {
    const list = sections[sections.length - 1].text;
    if (!text) return;
    if (fresh || !list.length) list.push(text);
    else list[list.length - 1] += (/[\u3000-\u9fff\uff00-\uffef]$/.test(list[list.length - 1]) && /^[\u3000-\u9fff\uff00-\uffef]/.test(text) ? '' : ' ') + text;
    fresh = false;
  };
  for (const line of zlib.gunzipSync(fs.readFileSync(file)).toString('utf8').split('\n')) {
    const macro = /^[.']\s*(\w+|\\")\s*(.*)$/.exec(line);
    if (!macro) {
      if (/^[.']/.test(line)) continue;
      if (line.trim()) add(roffText(line));
      else fresh = true;
    } else if (/^S[HhSs]$/.test(macro[1])) {
      const heading = roffText(words(macro[2]).join(' '));
      if (heading) sections.push({ heading, text: [] });
      fresh = true;
    } else if (/^([BIR]|SM|SB|Nm|Nd|Fl|Ar|Pa|Xr|Ql|Em|Sy|Cm)$/.test(macro[1])) {
      add(roffText(words(macro[2]).join(' ')));
    } else if (/^(BR|RB|BI|IB|IR|RI)$/.test(macro[1])) {
      add(roffText(words(macro[2]).join('')));
    } else {
      fresh = true;
    }
  }
  return sections;
}

function manPages(split) {
  const pages = [];
  for (const file of files(MAN, '.gz')) {
    const name = path.basename(file).replace(/\.gz$/, '');
    const id = 'man/' + name.replace(/[^A-Za-z0-9]+/g, '-').toLowerCase() + '-' + name.length;
    const sections = manPage(file).filter((s) => s.heading || s.text.length);
    const named = sections.find((s) => /NAME|名[称字]/.test(s.heading));
    const says = named ? /\s[-–—]+\s*(.*)$/.exec(named.text.join(' ')) : null;
    const title = says && hanCount(says[1]) >= 3 && says[1].length <= 40 ? says[1] : name;
    if (!split) {
      if (sections.reduce((n, s) => n + hanCount(s.text.join('')), 0) >= LEAST_HAN) pages.push({ id, title, sections });
      continue;
    }
    sections.forEach((s, n) => {
      if (s.text.join('').length < LEAST_SECTION && s !== named) return;
      pages.push({ id: `${id}-${n}`, title: s === named ? `${name} ${title}` : `${name} ${s.heading}`, sections: [{ heading: '', text: s.text }] });
    });
  }
  return pages;
}

export const available = (what) => fs.existsSync(what === 'help' ? HELP : path.join(MAN, 'man1'));

// what: 'help', 'man' (a page a manual page), 'all' (help and manual pages split at headings).
export function readPages(what) {
  const pages = what === 'man' ? manPages(false) : what === 'help' ? helpPages() : [...helpPages(), ...manPages(true)];
  const seen = new Set();
  return pages.filter((p) => !seen.has(p.id) && seen.add(p.id));
}

const markdown = (s) => s.replace(/[!-/:-@[-`{-~]/g, '\\$&');

export function writeSite(pages, folder) {
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'site.yaml'), 'title: 语料\n');
  const made = new Set();
  for (const p of pages) {
    const file = path.join(folder, `${p.id}.md`);
    if (!made.has(path.dirname(file))) fs.mkdirSync(path.dirname(file), { recursive: true });
    made.add(path.dirname(file));
    const text = p.sections.map((s) => (s.heading ? `## ${markdown(s.heading)}\n\n` : '') + s.text.map((t) => markdown(t) + '\n\n').join(''));
    fs.writeFileSync(file, `---\ntitle: ${JSON.stringify(p.title)}\n---\n\n${text.join('')}`);
  }
}

// The same pages as plain HTML, for search tools that read a site's output.
const html = (s) => s.replace(/&/g, '&amp;').replace(/</g, '&lt;');
export function writeHtml(pages, folder) {
  fs.rmSync(folder, { recursive: true, force: true });
  for (const p of pages) {
    const file = path.join(folder, `${p.id}.html`);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    const text = p.sections.map((s) => (s.heading ? `<h2>${html(s.heading)}</h2>\n` : '') + s.text.map((t) => `<p>${html(t)}</p>\n`).join(''));
    fs.writeFileSync(file, `<!DOCTYPE html><html lang="zh-CN"><meta charset="utf-8"><title>${html(p.title)}</title><body data-pagefind-body><h1>${html(p.title)}</h1>\n${text.join('')}</body></html>`);
  }
}
