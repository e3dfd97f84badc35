// queries.mjs - known-item queries drawn by rule from a corpus: what somebody types who wants one page.
//
// Same pages and seed, same queries. A rule asks only what has one right answer, judged by plain search
// through the text. Readings of characters come from pinyin-pro and traditional forms from OpenCC, a
// second opinion to the tables of the program.
// Must not know: any search, its terms or its ranking.
import { Converter } from 'opencc-js';
import { pinyin } from 'pinyin-pro';

const fold = (s) => s.normalize('NFKC').toLowerCase();
const HAN = /[\u4e00-\u9fff]/g;
const han = (s) => (s.match(HAN) || []).length;
const allHan = (s) => han(s) === s.length;
const bare = (s) => fold(s).replace(/[^\p{L}\p{N}]+/gu, '');

export function random(seed) {
  let a = seed >>> 0;
  const next = () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const below = (n) => Math.floor(next() * n);
  return { below, pick: (list) => list[below(list.length)] };
}

const syllables = (s) => pinyin(s, { toneType: 'none', type: 'array', v: true }).map((p) => p.replace(/ü/g, 'v'));
const homophones = new Map();
function homophoneOf(ch, rnd, common) {
  if (!homophones.size)
    for (const c of common) {
      const sound = pinyin(c, { toneType: 'none', v: true });
      if (!homophones.has(sound)) homophones.set(sound, []);
      homophones.get(sound).push(c);
    }
  const list = (homophones.get(pinyin(ch, { toneType: 'none', v: true })) || []).filter((c) => c !== ch);
  return list.length ? rnd.pick(list) : '';
}

export const classes = ['title', 'title-part', 'heading', 'phrase', 'piece', 'and', 'question', 'typo-sound', 'typo-shape', 'traditional',
  'full-width', 'mixed', 'latin', 'pinyin', 'initials', 'partial'];
export const pinyinClasses = ['pinyin', 'initials', 'partial'];

// [{class, query, id}], up to `each` a class.
export function drawQueries(pages, seed, each) {
  const rnd = random(seed);
  const toTraditional = Converter({ from: 'cn', to: 't' });
  const docs = pages.map((p) => {
    const text = p.sections.flatMap((s) => s.text);
    const headings = p.sections.map((s) => s.heading).filter(Boolean);
    return { id: p.id, title: p.title, headings, text, all: fold([p.title, ...headings, ...text].join('\n')) };
  });
  const titles = new Map(), names = new Map(); // how many pages have it as a title; as title or heading
  const count = (map, key) => map.set(key, (map.get(key) || 0) + 1);
  for (const d of docs) {
    count(titles, bare(d.title));
    for (const h of new Set([d.title, ...d.headings].map(bare))) count(names, h);
  }
  const common = [...new Set(docs.map((d) => d.title).join('').match(HAN))].sort();
  const holding = (test, most = 1) => {
    let n = 0;
    for (const d of docs) if (test(d.all) && ++n > most) break;
    return n;
  };
  const oneTitle = (part) => docs.filter((d) => bare(d.title).includes(bare(part))).length === 1;
  const runsOf = (d, least) => d.text.flatMap((t) => t.match(/[\u4e00-\u9fff]+/g) || []).filter((r) => r.length >= least);
  const cut = (s, n) => {
    const at = rnd.below(s.length - n + 1);
    return s.slice(at, at + n);
  };
  const hanTitle = (least, most) => (d) =>
    allHan(d.title) && d.title.length >= least && d.title.length <= most && names.get(bare(d.title)) === 1 ? d.title : '';
  const plainTitle = hanTitle(3, 10);
  const asPinyin = (d) => {
    const t = plainTitle(d);
    return t ? syllables(t) : null;
  };
  const phraseOf = (d, least, most) => {
    const runs = runsOf(d, least);
    if (!runs.length) return '';
    const run = rnd.pick(runs), p = cut(run, Math.min(run.length, least + rnd.below(most - least + 1)));
    return holding((all) => all.includes(p)) === 1 ? p : '';
  };
  const swap = (word, make) => {
    const at = rnd.below(word.length), other = make(word[at]);
    return other && other !== word[at] ? word.slice(0, at) + other + word.slice(at + 1) : '';
  };
  const questions = ['怎么{}？', '如何{}', '{}是什么意思', '什么是{}？', '{}怎么用', '请问{}在哪里设置？', '{}有什么作用'];

  const rules = {
    title: (d) => (han(d.title) >= 2 && titles.get(bare(d.title)) === 1 && d.title.length <= 32 ? d.title : ''),
    'title-part': (d) => {
      const runs = (d.title.match(/[\u4e00-\u9fff]+/g) || []).filter((r) => r.length >= 5);
      if (!runs.length) return '';
      const part = cut(rnd.pick(runs), 4);
      return oneTitle(part) && !docs.some((x) => x !== d && x.headings.some((h) => bare(h).includes(part))) ? part : '';
    },
    heading: (d) => {
      const own = d.headings.filter((h) => han(h) >= 3 && h.length <= 32 && names.get(bare(h)) === 1);
      return own.length ? rnd.pick(own) : '';
    },
    phrase: (d) => phraseOf(d, 6, 12),
    piece: (d) => phraseOf(d, 3, 5),
    and: (d) => {
      const runs = runsOf(d, 4);
      if (runs.length < 2) return '';
      const [x, y] = [cut(rnd.pick(runs), 3), cut(rnd.pick(runs), 3)];
      return x !== y && holding((all) => all.includes(x) && all.includes(y)) === 1 ? `${x} ${y}` : '';
    },
    question: (d) => {
      const t = plainTitle(d);
      return t ? rnd.pick(questions).replace('{}', t) : '';
    },
    'typo-sound': (d) => {
      const t = hanTitle(3, 10)(d);
      return t && swap(t, (c) => homophoneOf(c, rnd, common));
    },
    'typo-shape': (d) => {
      const t = hanTitle(4, 12)(d);
      return t && swap(t, () => rnd.pick(common));
    },
    traditional: (d) => {
      const t = rnd.below(2) ? plainTitle(d) : phraseOf(d, 6, 10), other = t && toTraditional(t);
      return other !== t ? other : '';
    },
    'full-width': (d) => {
      const t = titles.get(bare(d.title)) === 1 && /[a-z0-9]/i.test(d.title) && d.title.length <= 32 && han(d.title) >= 1 ? d.title : '';
      return t.replace(/[!-~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0)).replace(/ /g, '\u3000');
    },
    mixed: (d) => {
      const found = d.text.flatMap((t) => t.match(/[\u4e00-\u9fff]{2,4} ?[A-Za-z][A-Za-z0-9]{2,12} ?[\u4e00-\u9fff]{2,4}/g) || []);
      const p = found.length ? rnd.pick(found) : '';
      return p && holding((all) => all.includes(fold(p))) === 1 ? p : '';
    },
    latin: (d) => {
      const found = d.text.flatMap((t) => t.match(/(?<![A-Za-z0-9_.\/-])[A-Za-z][A-Za-z0-9]{4,15}(?![A-Za-z0-9_.\/-])/g) || []);
      const w = found.length ? rnd.pick(found) : '';
      return w && !allSyllables(w) && holding((all) => all.includes(fold(w))) === 1 ? w : '';
    },
    pinyin: (d) => {
      const s = asPinyin(d);
      return s ? s.join(rnd.below(4) ? '' : ' ') : '';
    },
    initials: (d) => {
      const s = asPinyin(d);
      return s && s.length >= 4 && s.length <= 8 ? s.map((x) => x[0]).join('') : '';
    },
    partial: (d) => {
      const s = asPinyin(d);
      if (!s) return '';
      if (rnd.below(2)) return s.slice(0, -1).join('') + s[s.length - 1][0]; // the last one unfinished
      const full = 1 + rnd.below(s.length - 1); // some whole, then initials
      return s.slice(0, full).join('') + s.slice(full).map((x) => x[0]).join('');
    },
  };
  // Two pages that are typed alike have no single right answer.
  const initialsOf = new Map(), soundOf = new Map();
  for (const d of docs)
    for (const name of new Set([d.title, ...d.headings].filter(allHan))) {
      const s = syllables(name);
      count(initialsOf, s.map((x) => x[0]).join(''));
      count(soundOf, s.join(''));
    }
  const unlike = {
    initials: (q) => initialsOf.get(q) === 1,
    pinyin: (q) => soundOf.get(q.replace(/ /g, '')) === 1,
  };
  const out = [];
  for (const name of classes) {
    const used = new Set();
    for (let tries = 0; used.size < each && tries < each * 60; tries++) {
      const d = rnd.pick(docs), query = rules[name](d);
      if (!query || used.has(query) || (unlike[name] && !unlike[name](query))) continue;
      used.add(query);
      out.push({ class: name, query, id: d.id });
    }
  }
  return out;
}

// Letters that may be meant as pinyin have two right answers.
function allSyllables(word) {
  return /^(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?[aeiouv]{1,3}(?:ng?|r)?)+$/i.test(word);
}

// [query] of Han: substrings of `sections` sampled sections, with the pages that hold them.
export function drawSubstrings(pages, seed, sections) {
  const rnd = random(seed), out = [];
  while (out.length < sections * 7) {
    const p = rnd.pick(pages), s = rnd.pick(p.sections);
    const runs = [s.heading, ...s.text].flatMap((t) => t.match(/[\u4e00-\u9fff]+/g) || []).filter((r) => r.length >= 8);
    if (!runs.length) continue;
    for (let n = 2; n <= 8; n++) {
      const run = rnd.pick(runs), at = rnd.below(run.length - n + 1);
      out.push({ query: run.slice(at, at + n), id: p.id });
    }
  }
  return out;
}
