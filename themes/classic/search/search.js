/* search.js - finds Han, Latin and pinyin in the script shards beside it; works on file://.
 *
 * ES5. The engine knows no document: AnjianSearch.use(load) gives it a way to get a script file, which
 * calls AnjianSearch.put(name, numbering, value). The page part at the end draws into
 *   form.search-form > #q · #search-status · #search-facets · #search-results
 * and takes its words from data attributes of the form, Chinese where there are none:
 *   data-t-count "找到 {n} 页" · data-t-none · data-t-part · data-t-below · data-t-read "已按“{w}”搜索"
 *   data-t-failed · data-t-retry · data-t-more · data-t-all · data-t-long · data-t-filter
 *   data-t-kind-case … (names of kinds) · data-t-facet-tags … (names of facets)
 * Must not know: markup in content. Everything is put in as text. */
var AnjianSearch = (function () {
  'use strict';
  var LIMIT_CHARS = 32, LIMIT_TERMS = 24, IN_FLIGHT = 20, CHECKED = 10, CACHE_CHARS = 2e6;
  var ALPHABET = " !#$%'()*+,-./0123456789:;=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~";
  var SYLLABLES = ('a ai an ang ao|b a ai an ang ao ei en eng i ian iao ie in ing o u|c a ai an ang ao e en eng i ong ou u ' +
    'uan ui un uo|ch a ai an ang ao e en eng i ong ou u ua uai uan uang ui un uo|d a ai an ang ao e ei en eng i ia ian iao ie ' +
    'ing iu ong ou u uan ui un uo|e ei en eng er|f a an ang ei en eng iao o ou u|g a ai an ang ao e ei en eng ong ou u ua uai ' +
    'uan uang ui un uo|h a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo|j i ia ian iang iao ie in ing iong iu u ' +
    'uan ue un|k a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo|l a ai an ang ao e ei eng i ia ian iang iao ie ' +
    'in ing iu o ong ou u uan un uo v ve ue|m a ai an ang ao e ei en eng i ian iao ie in ing iu o ou u|n a ai an ang ao e ei en ' +
    'eng i ian iang iao ie in ing iu ong ou u uan uo un v ve ue|o ou|p a ai an ang ao ei en eng i ian iao ie in ing o ou u|' +
    'q i ia ian iang iao ie in ing iong iu u uan ue un|r an ang ao e en eng i ong ou u ua uan ui un uo|s a ai an ang ao e en ' +
    'eng i ong ou u uan ui un uo|sh a ai an ang ao e ei en eng i ou u ua uai uan uang ui un uo|t a ai an ang ao e ei eng i ian ' +
    'iao ie ing ong ou u uan ui un uo|w a ai an ang ei en eng o u|x i ia ian iang iao ie in ing iong iu u uan ue un|y a an ang ' +
    'ao e i in ing o ong ou u uan ue un|z a ai an ang ao e ei en eng i ong ou u uan ui un uo|zh a ai an ang ao e ei en eng i ' +
    'ong ou u ua uai uan uang ui un uo');
  var loaders = null, values = {}, sizes = {}, used = [], waiting = {}, queue = [], flying = 0;
  var manifest = null, manifestName = 'manifest.js', splits = {}, wordStarts = [], pageOf = null, firstDoc = [];
  var lexiconFiles = {}, traditional = null, codes = [], syllables = null, i;

  for (i = 0; i < 91; i++) codes[ALPHABET.charCodeAt(i)] = i;

  function each(list, f) { for (var k = 0; k < list.length; k++) f(list[k], k); }
  function array(Kind, n) {
    if (typeof Kind === 'function') return new Kind(n);
    var a = [];
    while (a.length < n) a.push(0);
    return a;
  }
  var Floats = typeof Float32Array === 'undefined' ? 0 : Float32Array;
  var Ints = typeof Int32Array === 'undefined' ? 0 : Int32Array;
  var Bytes = typeof Uint8Array === 'undefined' ? 0 : Uint8Array;

  /* ---- files: loaded once, one retry, the oldest forgotten ---- */
  function put(name, numbering, value) {
    if (name === manifestName) openManifest(numbering, value);
    else if (!numbering || (manifest && numbering === manifest.numbering)) values[name] = { raw: value };
    else return;
    sizes[name] = typeof value === 'string' ? value.length : 3000;
    used.push(name);
  }
  function forget() {
    var sum = 0, k, name;
    for (k = used.length - 1; k >= 0; k--) {
      name = used[k];
      sum += sizes[name] || 0;
      if (sum > CACHE_CHARS && name !== manifestName) {
        delete values[name];
        delete sizes[name];
        used.splice(k, 1);
      }
    }
  }
  function known(name) { return name === manifestName ? manifest : values[name]; }
  function pump() {
    while (flying < IN_FLIGHT && queue.length) start(queue.shift(), 1);
  }
  function start(name, retries) {
    flying++;
    loaders(name, function () {
      flying--;
      if (!known(name) && retries) return start(name, retries - 1);
      var list = waiting[name];
      delete waiting[name];
      each(list || [], function (f) { f(); });
      pump();
    }, retries === 0);
  }
  /* done(failed names) once all are there or have failed. */
  function need(names, done) {
    var open = 1, seen = {};
    function one() {
      if (--open) return;
      var failed = [];
      each(names, function (n) { if (!known(n) && failed.indexOf(n) < 0) failed.push(n); });
      done(failed);
    }
    each(names, function (n) {
      if (known(n) || seen[n]) return;
      seen[n] = 1;
      open++;
      if (waiting[n]) { waiting[n].push(one); return; }
      waiting[n] = [one];
      queue.push(n);
    });
    pump();
    one();
  }

  /* ---- bytes ---- */
  function decode(text) {
    var n = text.length >> 1, out = array(Bytes, (n * 13) >> 3), bits = 0, held = 0, at = 0, k;
    for (k = 0; k < n; k++) {
      bits |= (codes[text.charCodeAt(2 * k)] * 91 + codes[text.charCodeAt(2 * k + 1)]) << held;
      held += 13;
      while (held >= 8) {
        out[at++] = bits & 255;
        bits >>>= 8;
        held -= 8;
      }
    }
    return out;
  }
  function Reader(bytes, at, end) { this.b = bytes; this.at = at || 0; this.end = end || bytes.length; }
  Reader.prototype.n = function () {
    var v = 0, shift = 1, c;
    do {
      c = this.at < this.end ? this.b[this.at++] : 0;
      v += (c & 127) * shift;
      shift *= 128;
    } while (c > 127 && shift < 4e10);
    return v;
  };

  function openManifest(numbering, m) {
    var bits, k, r = /([^\d])(\d)/g, hit, text;
    if (!m || m.format !== 1) return;
    m.numbering = numbering;
    while ((hit = r.exec(m.splits))) splits[hit[1].charCodeAt(0)] = +hit[2];
    wordStarts = m.words ? m.words.split(' ') : [];
    bits = decode(m.pages);
    pageOf = array(Ints, m.documents);
    firstDoc = [];
    for (k = 0; k < m.documents; k++) {
      if (bits[k >> 3] >> (k & 7) & 1) firstDoc.push(k);
      pageOf[k] = firstDoc.length - 1;
    }
    m.level = +m.pinyin.charAt(0);
    text = m.pinyin.slice(1);
    for (k = 0; k < text.length; k += m.level || 1) lexiconFiles[text.substr(k, m.level)] = 1;
    manifest = m;
  }

  /* ---- the form in which everything is compared: index/fold does the same ---- */
  function isMark(c) { return (c >= 0x300 && c <= 0x36F) || c === 0x3099 || c === 0x309A; }
  function isNothing(c) {
    return isMark(c) || c === 0xAD || c === 0x180E || (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
      (c >= 0x2060 && c <= 0x2064) || (c >= 0xFE00 && c <= 0xFE0F) || c === 0xFEFF;
  }
  function isHan(ch) {
    var c = ch.charCodeAt(0);
    return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) || c === 0x3005 || c === 0x3007 ||
      (c >= 0x3041 && c <= 0x3096) || (c >= 0x30A1 && c <= 0x30FA) || c === 0x30FC || (c >= 0x3105 && c <= 0x312F) ||
      (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xD840 && c <= 0xDBBF);
  }
  function isWord(ch) {
    var c = ch.charCodeAt(0);
    return (c >= 97 && c <= 122) || (c >= 48 && c <= 57) || (c >= 0xC0 && c <= 0x24F && c !== 0xD7 && c !== 0xF7) ||
      (c >= 0x370 && c <= 0x52F && c !== 0x37E && c !== 0x387);
  }
  function foldOne(ch) {
    var c = ch.charCodeAt(0), out = '', k;
    if (c < 0x80) return ch.toLowerCase();
    if (c >= 0x4E00 && c <= 0x9FFF) return traditional && traditional[ch] || ch;
    if (c >= 0xFF01 && c <= 0xFF5E) return String.fromCharCode(c - 0xFEE0).toLowerCase();
    if (c === 0x3000 || c === 0xA0) return ' ';
    if (ch.normalize) ch = ch.normalize('NFKC');
    for (k = 0; k < ch.length; k++) {
      var low = ch.charAt(k).toLowerCase(), j;
      for (j = 0; j < low.length; j++) if (!isNothing(low.charCodeAt(j))) out += low.charAt(j);
    }
    if (!traditional) return out;
    return out.replace(/[\u3400-\u9fff\uf900-\ufaff]|[\ud840-\udbff][\udc00-\udfff]/g, function (x) { return traditional[x] || x; });
  }
  /* { text, from: index in s of each unit of text } */
  function foldMap(s) {
    var text = '', from = [], k, ch, f, j;
    for (k = 0; k < s.length; k += ch.length) {
      ch = s.charAt(k);
      if (ch >= '\ud800' && ch <= '\udbff') ch = s.substr(k, 2);
      f = foldOne(ch);
      for (j = 0; j < f.length; j++) from.push(k);
      text += f;
    }
    from.push(s.length);
    return { text: text, from: from };
  }
  function compose(s) { return s.normalize && /[\u0300-\u036f\u3099\u309a\uff9e\uff9f\u1100-\u11ff]/.test(s) ? s.normalize('NFKC') : s; }
  function fold(s) { return foldMap(compose(s)).text; }

  /* ---- a query's runs: { han: bool, text } ---- */
  function runsOf(text) {
    var runs = [], open = null, k, ch, kind;
    for (k = 0; k < text.length; k += ch.length) {
      ch = text.charAt(k);
      if (ch >= '\ud800' && ch <= '\udbff') ch = text.substr(k, 2);
      kind = isHan(ch) ? 1 : isWord(ch) || (open && !open.han && /[-._\/]/.test(ch)) ? 2 : 0;
      if (!kind) open = null;
      else if (open && open.han === (kind === 1)) {
        open.text += ch;
        open.chars.push(ch);
      } else runs.push(open = { han: kind === 1, text: ch, chars: [ch] });
    }
    each(runs, function (r) { if (!r.han) r.text = r.text.replace(/[-._\/]+$/, '').slice(0, 48); });
    return runs;
  }
  /* Terms: { key (pair) or word, must, prefix } */
  function termsOf(runs) {
    var terms = [], seen = {};
    function add(t) {
      var id = t.word !== undefined ? 'w' + t.word : 'k' + t.key;
      if (seen[id]) { seen[id].must = seen[id].must || t.must; return; }
      if (terms.length >= LIMIT_TERMS) return;
      seen[id] = t;
      terms.push(t);
    }
    function pair(x, y) {
      return x.length > 1 || y.length > 1 ? { word: x + y, must: true } : { key: x.charCodeAt(0) * 65536 + (y ? y.charCodeAt(0) : 0), must: true };
    }
    each(runs, function (r, at) {
      var k, parts, t;
      if (r.han) {
        for (k = 0; k + 1 < r.chars.length; k++) add(pair(r.chars[k], r.chars[k + 1]));
        if (r.chars.length === 1) {
          t = pair(r.text, '');
          t.must = runs.length === 1;
          t.starts = runs.length === 1;
          add(t);
        }
        return;
      }
      parts = r.text.match(/\d+|[^\d\-._\/]+/g) || [];
      each(parts, function (p, n) {
        add({ word: p, must: true, prefix: at === runs.length - 1 && n === parts.length - 1 && p.length > 1 });
      });
      if (parts.length > 1) add({ word: r.text, must: false });
    });
    return terms;
  }

  /* ---- which files a term lives in ---- */
  function bytesOf(word) { return unescape(encodeURIComponent(word)); }
  function compare(x, y) { return x < y ? -1 : x > y ? 1 : 0; }
  function filesOf(t) {
    var names = [], c, shift, k, lo, hi, mid, w;
    if (t.word === undefined) {
      c = Math.floor(t.key / 65536);
      shift = splits[c];
      if (shift === undefined) return ['t/b' + (c & (manifest.buckets - 1)).toString(16) + '.js'];
      if (!t.starts) return ['t/' + c.toString(16) + '-' + (t.key % 65536 & ((1 << shift) - 1)).toString(16) + '.js'];
      for (k = 0; k < 1 << shift; k++) names.push('t/' + c.toString(16) + '-' + k.toString(16) + '.js');
      return names;
    }
    w = bytesOf(t.word);
    lo = 0;
    hi = wordStarts.length;
    while (lo < hi) {
      mid = (lo + hi) >> 1;
      if (compare(bytesOf(wordStarts[mid]), w) <= 0) lo = mid + 1;
      else hi = mid;
    }
    if (lo) names.push('t/w' + (lo - 1).toString(16) + '.js');
    if (t.prefix) for (k = lo; k < wordStarts.length && k < lo + 4 && wordStarts[k].indexOf(t.word) === 0; k++) names.push('t/w' + k.toString(16) + '.js');
    return names;
  }
  function shardOf(name) {
    var v = values[name];
    if (!v) return null;
    if (v.entries) return v;
    v.bytes = decode(v.raw);
    v.raw = null;
    v.entries = {};
    v.keys = [];
    var r = new Reader(v.bytes), n = r.n(), key = 0, word = '', words = name.charAt(2) === 'w', k, len, e;
    while (n-- && r.at < r.end) {
      if (words) {
        word = word.slice(0, r.n());
        len = r.n();
        for (k = 0; k < len; k++) word += String.fromCharCode(v.bytes[r.at++]);
        key = word;
      } else key += r.n();
      len = r.n();
      e = { count: 0, parts: 0 };
      if (len & 1) {
        e.count = r.n();
        e.parts = r.n();
      }
      e.at = r.at;
      e.end = r.at += len >> 1;
      if (e.end > r.end) break;
      v.entries[key] = e;
      v.keys.push(key);
    }
    return v;
  }
  function hex(s) {
    var out = 'x', k;
    for (k = 0; k < s.length && k < 64; k++) out += (s.charCodeAt(k) < 16 ? '0' : '') + s.charCodeAt(k).toString(16);
    return out;
  }
  /* What each term finds: [{bytes, at, end}] in t.lists, after its files and their parts are there. */
  function gather(terms, failed, done) {
    var names = [], parts = [];
    each(terms, function (t) { t.files = filesOf(t); names = names.concat(t.files); });
    need(names, function (bad) {
      failed.push.apply(failed, bad);
      each(terms, function (t) {
        var wanted = t.word === undefined ? t.key : bytesOf(t.word);
        t.lists = [];
        t.parts = [];
        each(t.files, function (f) {
          var s = shardOf(f), keys;
          if (!s) { t.lost = true; return; }
          keys = s.entries[wanted] ? [wanted] : [];
          if (t.prefix || t.starts)
            each(s.keys, function (k) {
              if (k !== wanted && (t.starts ? Math.floor(k / 65536) * 65536 === t.key : k.indexOf(wanted) === 0)) keys.push(k);
            });
          each(keys.slice(0, t.starts ? 4000 : 200), function (k) {
            var e = s.entries[k], n;
            t.lists.push({ bytes: s.bytes, at: e.at, end: e.end, exact: k === wanted });
            for (n = 1; n <= e.parts; n++) t.parts.push('t/' + (t.word === undefined ? k.toString(16) : hex(k)) + '-' + n + '.js');
          });
        });
        parts = parts.concat(t.parts);
      });
      need(parts, function (bad2) {
        failed.push.apply(failed, bad2);
        each(terms, function (t) {
          each(t.parts, function (name) {
            var v = values[name];
            if (!v) { t.lost = true; return; }
            if (!v.bytes) { v.bytes = decode(v.raw); v.raw = null; }
            t.lists.push({ bytes: v.bytes, at: 0, end: v.bytes.length, exact: true, part: true });
          });
        });
        forget();
        done();
      });
    });
  }

  /* ---- scoring: pages that hold all the terms, best first; else the best of the others ---- */
  function score(terms, allowed) {
    var n = manifest.documents, pages = firstDoc.length;
    var unit = array(Floats, n), unitIdf = array(Floats, n), page = array(Floats, pages), pageIdf = array(Floats, pages);
    var mask = array(Ints, pages), musts = 0, total = 0, top = 0, touched = [], full = [], part = [];
    each(terms, function (t, at) {
      var imp = array(Bytes, n), docs = [], pageSeen = -1, pageBest = 0, seenBefore, idf, k, d, p;
      each(t.lists, function (l) {
        var r = new Reader(l.bytes, l.at, l.end), doc = 0, v;
        while (r.at < r.end) {
          v = r.n();
          if (v === 0 && doc === 0 && l.part) break;
          doc += Math.floor(v / 16);
          if (doc >= n || !(v & 15)) break;
          if (!imp[doc]) docs.push(doc);
          v = l.exact ? v & 15 : Math.max(1, (v & 15) >> 1);
          if (v > imp[doc]) imp[doc] = v;
        }
      });
      if (t.lists.length > 1) docs.sort(function (x, y) { return x - y; });
      t.df = docs.length;
      t.idf = idf = docs.length ? Math.log(1 + n / docs.length) : 0;
      if (idf > top) top = idf;
      if (t.must) { musts |= 1 << at; total += idf; }
      function close() { page[pageSeen] += idf * pageBest; }
      for (k = 0; k < docs.length; k++) {
        d = docs[k];
        p = pageOf[d];
        if (allowed && !allowed[p]) continue;
        if (p !== pageSeen) {
          if (pageSeen >= 0) close();
          pageSeen = p;
          pageBest = 0;
          seenBefore = mask[p] || page[p];
          if (!seenBefore) touched.push(p);
          mask[p] |= 1 << at;
          if (t.must) pageIdf[p] += idf;
        }
        if (imp[d] > pageBest) pageBest = imp[d];
        unit[d] += idf * imp[d];
        if (t.must) unitIdf[d] += idf;
      }
      if (pageSeen >= 0) close();
    });
    each(terms, function (t) { if (t.must && !t.df) total += 0.3 * (top || 1); });
    if (!total) total = 1;
    each(touched, function (p) {
      var end = p + 1 < pages ? firstDoc[p + 1] : n, best = -1, bestUnit = firstDoc[p], d, c, s;
      for (d = firstDoc[p]; d < end; d++) {
        c = unitIdf[d] / total;
        s = unit[d] * (0.1 + c * c);
        if (s > best) { best = s; bestUnit = d; }
      }
      c = Math.min(1, pageIdf[p] / total);
      d = Math.min(1, unitIdf[bestUnit] / total);
      s = { page: p, doc: bestUnit, score: page[p] * c * c * (0.6 + 0.4 * d * d), cover: c };
      if (!musts) s.score = page[p];
      if ((mask[p] & musts) === musts) full.push(s);
      else if (c >= 0.25) part.push(s);
    });
    function order(x, y) { return y.score - x.score || x.doc - y.doc; }
    full.sort(order);
    part.sort(order);
    return { full: full, part: part.slice(0, 50) };
  }

  /* ---- the texts of the best decide ---- */
  function fragmentName(doc) { return 'f/' + (doc >> manifest.shift).toString(16) + '.js'; }
  function fill(hit) {
    var v = values[fragmentName(hit.doc)], k, e, at;
    if (!v) return false;
    for (k = 0; k < v.raw.length; k++) {
      e = v.raw[k];
      if (pageOf[e[0]] !== hit.page) continue;
      hit.address = e[1];
      hit.title = e[2];
      hit.kind = e[3];
      at = (hit.doc - e[0]) * 3;
      hit.id = e[4][at] || '';
      hit.heading = e[4][at + 1] || '';
      hit.text = e[4][at + 2] || '';
      hit.others = e;
      return true;
    }
    return false;
  }
  function fillAll(hits, done) {
    var names = [];
    each(hits, function (h) { if (!h.address) names.push(fragmentName(h.doc)); });
    need(names, function (failed) {
      each(hits, function (h) { if (!h.address) fill(h); });
      done(failed);
    });
  }
  function squeeze(s) { return fold(s).replace(/[\s\u3000-\u3003\uff00-\uff0f\u2010-\u2027"'()\[\],.:;!?<>《》·\-_\/]+/g, ''); }
  function oneEdit(x, y) {
    var k = 0, m;
    if (Math.abs(x.length - y.length) > 1) return false;
    while (k < x.length && x.charAt(k) === y.charAt(k)) k++;
    m = x.length === y.length ? [k + 1, k + 1] : x.length > y.length ? [k + 1, k] : [k, k + 1];
    return x.slice(m[0]) === y.slice(m[1]);
  }
  /* Marks phrase (the query's runs stand in it) and how the title fits; moves to the unit that has it. */
  function judge(hit, phrases, query) {
    var title = squeeze(hit.title || ''), heading, k, e, text, all;
    hit.fit = 0;
    if (!hit.address) return;
    function has(t) {
      for (var j = 0; j < phrases.length; j++) if (t.indexOf(phrases[j]) < 0) return false;
      return true;
    }
    e = hit.others;
    hit.phrase = has(fold(hit.heading + ' ' + hit.text));
    for (k = 0; k < e[4].length && !hit.phrase; k += 3) {
      text = e[4][k + 1] + ' ' + e[4][k + 2];
      if (!has(fold(text))) continue;
      hit.phrase = true;
      hit.doc = e[0] + k / 3;
      hit.id = e[4][k];
      hit.heading = e[4][k + 1];
      hit.text = e[4][k + 2];
    }
    heading = squeeze(hit.heading);
    all = has(fold(hit.title));
    if (title === query) hit.fit = 6;
    else if (title.indexOf(query) === 0) hit.fit = 5;
    else if (title.indexOf(query) > 0 || all) hit.fit = 4;
    else if (query.length > 3 && oneEdit(title, query)) hit.fit = 3;
    else if (heading && heading === query) hit.fit = 2;
    else if (hit.phrase) hit.fit = 1;
    if (hit.fit > 3) hit.phrase = true;
  }
  function check(list, runs, text, failed, done) {
    var best = list.slice(0, CHECKED), phrases = [];
    each(runs, function (r) { phrases.push(r.text); });
    fillAll(best, function (bad) {
      failed.push.apply(failed, bad);
      var query = squeeze(text);
      each(best, function (h, k) { judge(h, phrases, query); h.rank = k; });
      best.sort(function (x, y) { return y.fit - x.fit || x.rank - y.rank; });
      done(best.concat(list.slice(CHECKED)));
    });
  }

  /* ---- pinyin ---- */
  function openSyllables() {
    syllables = {};
    each(SYLLABLES.split('|'), function (group) {
      var p = group.split(' ');
      syllables[p[0]] = /^[aeo]/.test(p[0]) ? 1 : 0;
      each(p.slice(1), function (f) { syllables[/^[aeo]$/.test(p[0]) ? f : p[0] + f] = 1; });
    });
  }
  /* The best readings of letters as [{s, open}]: open ones are initials or an unfinished last one. */
  function readings(text) {
    var words = text.split(/[\s']+/), at = [{ cost: 0, list: [] }], states = [at];
    if (!syllables) openSyllables();
    function startsOne(s) {
      for (var k in syllables) if (k.indexOf(s) === 0) return true;
      return false;
    }
    each(words, function (w) {
      var best = [states[states.length - 1]], k, n, piece, add;
      if (!w) return;
      for (k = 1; k <= w.length; k++) {
        best[k] = [];
        for (n = 1; n <= 6 && n <= k; n++) {
          piece = w.substr(k - n, n);
          add = null;
          if (syllables[piece]) add = { cost: 1, s: piece };
          else if (/^(zh|ch|sh|[bcdfghjklmnpqrstwxyz])$/.test(piece)) add = { cost: 1.7, s: piece, open: true };
          else if (k === w.length && startsOne(piece)) add = { cost: 1.3, s: piece, open: true };
          if (!add) continue;
          each(best[k - n], function (b) { best[k].push({ cost: b.cost + add.cost, list: b.list.concat([add]) }); });
        }
        best[k].sort(function (x, y) { return x.cost - y.cost; });
        best[k] = best[k].slice(0, 6);
      }
      states.push(best[w.length]);
    });
    return states[states.length - 1].filter(function (r) { return r.list.length > 1 && r.list.length <= 12; });
  }
  function lexiconName(x, y) {
    var letters = (x.charAt(0) + y.charAt(0)).slice(0, manifest.level);
    return manifest.level ? (lexiconFiles[letters] ? 'p/' + letters + '.js' : '') : 'p/all.js';
  }
  function same(x, y) { return x === y; }
  function loose(s) { return s.replace(/^(z|c|s)h/, '$1').replace(/ng$/, 'n').replace(/^l/, 'n').replace(/^f/, 'h'); }
  function fits(syllable, want, fuzzy) {
    if (fuzzy) { syllable = loose(syllable); want = { s: loose(want.s), open: want.open }; }
    return want.open ? syllable.indexOf(want.s) === 0 : same(syllable, want.s);
  }
  function lexiconGroups(name) {
    var v = values[name];
    if (!v) return [];
    if (!v.groups) {
      v.groups = v.raw.split(';').map(function (g) {
        var m = /^([a-z]*),([a-z]*):(.*)$/.exec(g) || ['', '', '', ''], list = [], weight = 0, k, c;
        for (k = 0; k < m[3].length; k++) {
          c = m[3].charAt(k);
          if (c >= '0' && c <= '9') { weight = +c; continue; }
          list.push([c, m[3].charAt(++k), weight]);
        }
        return { x: m[1], y: m[2], list: list };
      });
    }
    return v.groups;
  }
  function chains(reading, fuzzy) {
    var list = reading.list, states = null, k;
    for (k = 0; k + 1 < list.length; k++) {
      var next = {}, any = false;
      each(lexiconGroups(lexiconName(list[k].s, list[k + 1].s)), function (g) {
        if (!fits(g.x, list[k], fuzzy) || !fits(g.y, list[k + 1], fuzzy)) return;
        each(g.list, function (p) {
          var from = states ? states[p[0]] : [{ text: p[0], least: 99, sum: 0 }];
          each(from || [], function (f) {
            var made = { text: f.text + p[1], least: Math.min(f.least, p[2]), sum: f.sum + p[2] };
            any = true;
            (next[p[1]] = next[p[1]] || []).push(made);
          });
        });
      });
      if (!any) return [];
      for (var c in next) {
        next[c].sort(function (x, y) { return y.least - x.least || y.sum - x.sum || compare(x.text, y.text); });
        next[c] = next[c].slice(0, 6);
      }
      states = next;
    }
    var all = [];
    for (k in states) all = all.concat(states[k]);
    each(all, function (a) { a.value = a.least + a.sum / list.length * 0.5 - reading.cost; });
    return all;
  }
  /* done([strings], best first) */
  function fromPinyin(text, failed, done, fuzzy) {
    var read = readings(text), names = [];
    each(read, function (r) {
      for (var k = 0; k + 1 < r.list.length; k++) {
        var name = lexiconName(r.list[k].s, r.list[k + 1].s);
        if (name) names.push(name);
      }
    });
    need(names, function (bad) {
      var all = [], seen = {}, out = [];
      failed.push.apply(failed, bad);
      each(read, function (r) { all = all.concat(chains(r, fuzzy)); });
      all.sort(function (x, y) { return y.value - x.value || compare(x.text, y.text); });
      each(all, function (a) {
        if (seen[a.text] || out.length >= 8) return;
        seen[a.text] = 1;
        out.push(a.text);
      });
      if (!out.length && !fuzzy && read.length) return fromPinyin(text, failed, done, true);
      done(out);
    });
  }

  /* ---- one query ---- */
  function variantsOf(text) {
    var out = [text];
    each(manifest.synonyms, function (set) {
      each(set, function (word) {
        if (word && text.indexOf(word) >= 0)
          each(set, function (other) {
            var v = text.split(word).join(other);
            if (other !== word && out.indexOf(v) < 0 && out.length < 6) out.push(v);
          });
      });
    });
    return out;
  }
  function searchText(text, options, failed, done) {
    var variants = variantsOf(text), found = [], open = variants.length;
    each(variants, function (v, at) {
      var runs = runsOf(v), terms = termsOf(runs);
      gather(terms, failed, function () {
        var s = terms.length ? score(terms, options.allowed) : { full: [], part: [] };
        s.lost = terms.some(function (t) { return t.lost; });
        s.unknown = terms.some(function (t) { return t.must && !t.df; });
        check(s.full.length ? s.full : s.part, runs, v, failed, function (list) {
          found[at] = { s: s, full: s.full.length ? list : [], part: s.full.length ? s.part : list, runs: runs };
          if (--open) return;
          var seen = {}, all = { full: [], part: [], runs: [], unknown: true, text: text };
          each(found, function (f) {
            each(f.full, function (h) { if (!seen[h.page]) { seen[h.page] = 1; all.full.push(h); } });
            all.runs = all.runs.concat(f.runs);
            all.unknown = all.unknown && f.s.unknown;
          });
          if (found.length > 1) {
            var best = all.full.filter(function (h) { return h.fit !== undefined; });
            best.forEach(function (h, k) { h.rank = k; });
            best.sort(function (x, y) { return y.fit - x.fit || x.rank - y.rank; });
            all.full = best.concat(all.full.filter(function (h) { return h.fit === undefined; }));
          }
          each(found, function (f) { each(f.part, function (h) { if (!seen[h.page]) { seen[h.page] = 1; all.part.push(h); } }); });
          done(all);
        });
      });
    });
  }
  function openTraditional(done) {
    if (traditional) return done(false);
    need(['han.js'], function () {
      var v = values['han.js'], k, list;
      if (!v) return done(false);
      traditional = {};
      list = v.raw.match(/[\ud800-\udbff][\udc00-\udfff]|[^]/g) || [];
      for (k = 0; k + 1 < list.length; k += 2) traditional[list[k]] = list[k + 1];
      done(true);
    });
  }
  /* options: {allowed: page → bool}. done({query, text, read, full, part, runs, failed, long}). */
  function query(input, options, done) {
    var failed = [], text = compose(String(input)), long = text.length > LIMIT_CHARS;
    if (long) text = text.slice(0, LIMIT_CHARS).replace(/[\ud800-\udbff]$/, '');
    options = options || {};
    function finish(all, read, text2) {
      done({ query: input, text: text2 || text, read: read || '', full: all.full, part: all.part, runs: all.runs, failed: failed, long: long });
    }
    need([manifestName], function (bad) {
      if (bad.length) {
        failed = bad;
        return finish({ full: [], part: [], runs: [] });
      }
      var folded = fold(text).replace(/\u00fc/g, 'v');
      searchText(folded, options, failed, function (all) {
        var letters = /^[a-z' ]+$/.test(folded) && /[a-z].*[a-z]/.test(folded);
        if (letters) return pinyin(folded, all);
        if (all.unknown && !traditional && /[\u3400-\u9fff\uf900-\ufaff\ud840-\udbff]/.test(folded))
          return openTraditional(function (fresh) {
            var again = fresh ? fold(text) : folded;
            if (again === folded) return finish(all);
            searchText(again, options, failed, function (all2) { finish(all2, again, again); });
          });
        finish(all);
      });
    });
    function pinyin(folded, latin) {
      var exact = latin.full.filter(function (h) { return h.phrase; });
      fromPinyin(folded, failed, function (strings) {
        var answers = [], k = 0;
        function next() {
          if (k >= strings.length || k >= 5 || answers.length && k >= 3) return decide();
          var s = strings[k++];
          searchText(s, options, failed, function (all) {
            var first = all.full[0];
            if (first) answers.push({ all: all, text: s, fit: first.fit > 3 ? 2 : first.phrase ? 1 : 0, n: answers.length });
            if (first && first.fit > 3) return decide();
            next();
          });
        }
        function decide() {
          var seen = {}, made = { full: [], part: latin.part, runs: latin.runs }, read = '';
          answers.sort(function (x, y) { return y.fit - x.fit || x.n - y.n; });
          function take(h) { if (!seen[h.page]) { seen[h.page] = 1; made.full.push(h); } }
          each(exact, take);
          each(answers, function (a, at) {
            if (at && !a.fit) return;
            if (!read) read = a.text;
            each(a.all.full, take);
            made.runs = made.runs.concat(a.all.runs);
          });
          each(latin.full, take);
          if (exact.length && !answers.length) read = '';
          finish(made, read);
        }
        next();
      });
    }
  }

  /* Which of a facet's values each page has: done({value: {page: 1}}). */
  function facet(key, done) {
    var names = [], k;
    for (k = 0; k < (manifest.facets[key] || 0); k++) names.push('c/' + key + (k ? '-' + k : '') + '.js');
    need(names, function () {
      var out = {}, order = [];
      each(names, function (name) {
        each(values[name] ? values[name].raw : [], function (v) {
          var r = new Reader(decode(v[1])), page = 0, gap, run, first = true;
          if (!out[v[0]]) { out[v[0]] = {}; order.push(v[0]); }
          while (r.at < r.end) {
            gap = r.n();
            run = r.n();
            if (!first && !gap) break; /* the coding's last bits */
            page += gap;
            out[v[0]][page] = 1;
            while (run--) out[v[0]][++page] = 1;
            first = false;
          }
        });
      });
      done(out, order);
    });
  }
  function suggest(input, done) {
    var folded = fold(String(input).slice(0, LIMIT_CHARS)).replace(/\u00fc/g, 'v');
    if (!/^[a-z' ]{2,}$/.test(folded)) return done([]);
    need([manifestName], function (bad) {
      if (bad.length) return done([]);
      fromPinyin(folded, [], done);
    });
  }

  return {
    put: put,
    use: function (load) { loaders = load; },
    query: query,
    fill: fillAll,
    facet: facet,
    facets: function () { return manifest ? manifest.facets : {}; },
    suggest: suggest,
    fold: fold,
    foldMap: foldMap,
    each: each
  };
})();

/* ---- the page ---- */
(function (doc) {
  'use strict';
  var engine = AnjianSearch, each = engine.each, me, base, form, input, status, facetBox, results, box, last = '', turn = 0;
  var timer = 0, chosen = {}, answer = null, shown = 0, pick = -1;
  var KINDS = { 'case': '案例', model: '标兵', lesson: '党课', course: '课程', quiz: '测验', page: '页面' };
  var FACETS = { kind: '类别', tags: '标签', hazards: '危险因素', posts: '岗位', level: '等级' };
  if (!doc) return;
  me = doc.currentScript || (function () { var all = doc.getElementsByTagName('script'); return all[all.length - 1]; })();
  base = me.src.replace(/[^\/]*$/, '');

  engine.use(function (name, done, again) {
    var s = doc.createElement('script'), over = false;
    function end() {
      if (over) return;
      over = true;
      if (s.parentNode) s.parentNode.removeChild(s);
      done();
    }
    s.charset = 'utf-8';
    s.onload = s.onerror = end;
    s.src = base + name + (again && /^http/.test(base) ? '?again' : '');
    doc.getElementsByTagName('head')[0].appendChild(s);
  });

  function say(key, fallback, values) {
    var text = form.getAttribute('data-t-' + key) || fallback;
    for (var k in values || {}) text = text.split('{' + k + '}').join(values[k]);
    return text;
  }
  function make(tag, name, text) {
    var e = doc.createElement(tag);
    if (name) e.className = name;
    if (text) e.appendChild(doc.createTextNode(text));
    return e;
  }
  function clear(e) { while (e.firstChild) e.removeChild(e.firstChild); }

  /* What to mark in a folded text: whole runs, else their pairs. Returns [[from, to]…] in it. */
  function spans(text, runs) {
    var out = [], found = {};
    function mark(word) {
      var at = word ? text.indexOf(word) : -1, any = at >= 0;
      while (at >= 0 && out.length < 60) {
        out.push([at, at + word.length]);
        at = text.indexOf(word, at + word.length);
      }
      return any;
    }
    each(runs, function (r) {
      if (found[r.text]) return;
      found[r.text] = 1;
      if (mark(r.text)) return;
      if (r.han) for (var k = 0; k + 1 < r.chars.length; k++) mark(r.chars[k] + r.chars[k + 1]);
      else each(r.text.split(/[-._\/]/), mark);
    });
    out.sort(function (x, y) { return x[0] - y[0] || y[1] - x[1]; });
    return out;
  }
  function marked(parent, text, runs, room) {
    var map = engine.foldMap(text), list = spans(map.text, runs), from = 0, end = text.length, best = 0, at = 0, k, n, open;
    if (room && text.length > room) {
      for (k = 0; k < list.length; k++) { /* the window that holds most */
        for (n = k; n < list.length && map.from[list[n][1]] - map.from[list[k][0]] < room - 20; n++);
        var held = 0;
        for (; n > k; n--) held += list[n - 1][1] - list[n - 1][0];
        if (held > best) { best = held; at = map.from[list[k][0]]; }
      }
      from = Math.max(0, at - 20);
      end = Math.min(text.length, from + room);
      if (from) parent.appendChild(doc.createTextNode('…'));
    }
    open = from;
    each(list, function (s) {
      var a = Math.max(map.from[s[0]], open), b = Math.min(map.from[s[1]], end);
      if (b <= a) return;
      parent.appendChild(doc.createTextNode(text.slice(open, a)));
      parent.appendChild(make('mark', '', text.slice(a, b)));
      open = b;
    });
    parent.appendChild(doc.createTextNode(text.slice(open, end)));
    if (end < text.length) parent.appendChild(doc.createTextNode('…'));
  }
  function wordsOf(runs) {
    var words = [];
    each(runs, function (r) { if (words.indexOf(r.text) < 0 && words.length < 4) words.push(r.text); });
    return words.join(' ');
  }
  function item(hit, runs) {
    var li = make('li', 'result'), h = make('h3'), a = make('a'), p = make('p', 'result-text'), words = wordsOf(runs);
    a.href = base + '../' + hit.address + (words ? '?q=' + encodeURIComponent(words) : '') + (hit.id ? '#' + encodeURIComponent(hit.id) : '');
    marked(a, hit.title, runs);
    h.appendChild(a);
    li.appendChild(h);
    var kind = hit.kind && say('kind-' + hit.kind, KINDS[hit.kind] || hit.kind);
    var where = make('p', 'result-where', [kind, hit.heading !== hit.title && hit.heading].filter(Boolean).join(' › '));
    if (where.firstChild) li.appendChild(where);
    marked(p, hit.text || '', runs, 110);
    if (p.firstChild) li.appendChild(p);
    return li;
  }
  function line(text) {
    var li = make('li', 'results-line', text);
    results.appendChild(li);
  }
  function more() {
    var list = answer.full.concat(answer.part), from = shown, mine = turn, parted = false;
    engine.fill(list.slice(from, from + 10), function (failed) {
      if (mine !== turn) return;
      var old = doc.getElementById('search-more');
      if (old) old.parentNode.removeChild(old);
      if (!from) clear(results);
      each(list.slice(from, from + 10), function (h, k) {
        var at = from + k;
        if (at === answer.full.length && at) line(say('part', '以下页面只含有其中一部分字词'));
        else if (!from && !parted && k && at < answer.full.length && list[k - 1].phrase && !h.phrase) {
          parted = true;
          line(say('below', '以下页面含有这些字词，但不连在一起'));
        }
        if (h.address) results.appendChild(item(h, answer.runs));
      });
      if (failed.length) trouble(failed);
      shown = from + 10;
      if (shown < list.length) {
        var li = make('li', 'results-line'), b = make('button', 'results-more', say('more', '更多结果'));
        li.id = 'search-more';
        b.type = 'button';
        b.onclick = more;
        li.appendChild(b);
        results.appendChild(li);
      }
    });
  }
  function trouble() {
    status.appendChild(doc.createTextNode(' ' + say('failed', '有一部分搜索数据没有读出来，结果可能不全。') + ' '));
    var b = make('button', 'search-retry', say('retry', '再试一次'));
    b.type = 'button';
    b.onclick = function () { run(true); };
    status.appendChild(b);
  }
  function allowed(done) {
    var keys = [], out = null, k;
    for (k in chosen) if (chosen[k]) keys.push(k);
    (function next() {
      if (!keys.length) return done(out);
      var key = keys.pop();
      engine.facet(key, function (values) {
        var has = values[chosen[key]] || {}, both = {};
        for (var p in has) if (!out || out[p]) both[p] = 1;
        out = both;
        next();
      });
    })();
  }
  /* Nothing was found: what most pages are about, to be searched for with one press. */
  function ways(key) {
    var mine = turn, group = facetBox.appendChild(make('div', 'facet'));
    engine.facet(key, function (values, order) {
      if (mine !== turn || !order.length) return;
      function count(v) { var n = 0, p; for (p in values[v]) n++; return n; }
      order = order.slice().sort(function (x, y) { return count(y) - count(x); });
      group.appendChild(make('h2', '', say('facet-' + key, FACETS[key] || key)));
      each(order.slice(0, 8), function (v) {
        var b = make('button', '', v);
        b.type = 'button';
        b.onclick = function () { take(v); };
        group.appendChild(b);
      });
    });
  }
  function drawFacets() {
    var keys = [], mine = turn, k, all = engine.facets(), pages = {};
    for (k in all) keys.push(k);
    each(answer.full, function (h) { pages[h.page] = 1; });
    clear(facetBox);
    if (!answer.full.length && !keys.some(function (x) { return chosen[x]; })) {
      if (!answer.part.length && (all.hazards || all.tags)) ways(all.hazards ? 'hazards' : 'tags');
      return;
    }
    function draw(key) {
      var group = facetBox.appendChild(make('div', 'facet'));
      engine.facet(key, function (values, order) {
        if (mine !== turn) return;
        var list = [];
        each(order, function (v) {
          var n = 0, p;
          for (p in pages) if (values[v][p]) n++;
          if (n || chosen[key] === v) list.push([v, n]);
        });
        list.sort(function (x, y) { return y[1] - x[1]; });
        if (list.length < 2 && !chosen[key]) return;
        group.appendChild(make('h2', '', say('facet-' + key, FACETS[key] || key)));
        each(list.slice(0, 12), function (v) {
          var b = make('button', '', (key === 'kind' ? say('kind-' + v[0], KINDS[v[0]] || v[0]) : v[0]) + ' ' + v[1]);
          b.type = 'button';
          b.setAttribute('aria-pressed', chosen[key] === v[0] ? 'true' : 'false');
          b.onclick = function () {
            chosen[key] = chosen[key] === v[0] ? '' : v[0];
            run(true);
          };
          group.appendChild(b);
        });
      });
    }
    if (all.kind) draw('kind');
    var others = keys.filter(function (x) { return x !== 'kind'; });
    if (!others.length) return;
    if (others.some(function (x) { return chosen[x]; })) return each(others, draw);
    var b = make('button', 'facet-more', say('filter', '更多筛选'));
    b.type = 'button';
    b.onclick = function () {
      facetBox.removeChild(b);
      each(others, draw);
    };
    facetBox.appendChild(b);
  }
  function run(again) {
    var text = input.value.replace(/^\s+|\s+$/g, '');
    if (text === last && !again) return;
    if (text !== last) chosen = {};
    last = text;
    var mine = ++turn;
    try { history.replaceState(null, '', '?q=' + encodeURIComponent(text)); } catch (e) { /* not on every file:// */ }
    if (!text) {
      clear(results);
      clear(facetBox);
      clear(status);
      return;
    }
    allowed(function (set) {
      engine.query(text, { allowed: set }, function (a) {
        if (mine !== turn) return;
        var n = a.full.length, words;
        answer = a;
        shown = 0;
        clear(status);
        if (a.failed.indexOf('manifest.js') >= 0) {
          clear(results);
          clear(facetBox);
          return trouble();
        }
        words = a.read ? say('read', '已按“{w}”搜索。', { w: a.read }) : '';
        words += n ? say('count', '找到 {n} 页', { n: n }) : a.part.length ? say('near', '没有一页同时含有这些字词，下面是最接近的。') :
          say('none', '没有找到。换个说法，或者用拼音首字母试试；也可以从下面的栏目进入。');
        if (a.long) words += ' ' + say('long', '只按前 32 个字搜索。');
        status.appendChild(doc.createTextNode(words));
        if (a.failed.length) trouble(a.failed);
        if (!n && !a.part.length) clear(results);
        else more();
        drawFacets();
      });
    });
  }

  /* ---- suggestions: pinyin to words of this site ---- */
  function hide() {
    if (box) box.hidden = true;
    pick = -1;
    input.removeAttribute('aria-activedescendant');
    input.setAttribute('aria-expanded', 'false');
  }
  function take(text) {
    input.value = text;
    hide();
    run(true);
  }
  function offer() {
    var text = input.value;
    engine.suggest(text, function (list) {
      if (input.value !== text || doc.activeElement !== input) return;
      clear(box);
      pick = -1;
      if (!list.length) return hide();
      each(list, function (s, k) {
        var li = make('li', '', s);
        li.id = 'search-suggestion-' + k;
        li.setAttribute('role', 'option');
        li.onmousedown = function (e) {
          e.preventDefault();
          take(s);
        };
        box.appendChild(li);
      });
      box.hidden = false;
      input.setAttribute('aria-expanded', 'true');
    });
  }
  function move(step) {
    var items = box.childNodes;
    if (box.hidden || !items.length) return false;
    if (pick >= 0) items[pick].setAttribute('aria-selected', 'false');
    pick = (pick + step + items.length + (pick < 0 && step < 0 ? 1 : 0)) % items.length;
    items[pick].setAttribute('aria-selected', 'true');
    input.setAttribute('aria-activedescendant', items[pick].id);
    return true;
  }
  function keys(e) {
    var code = e.keyCode;
    if (e.isComposing || code === 229) return;
    if ((code === 40 && move(1)) || (code === 38 && move(-1))) e.preventDefault();
    else if (code === 27) hide();
    else if (code === 13 && pick >= 0 && !box.hidden) {
      e.preventDefault();
      take(box.childNodes[pick].firstChild.nodeValue);
    }
  }
  function typed() {
    clearTimeout(timer);
    timer = setTimeout(function () {
      run(false);
      offer();
    }, 150);
  }

  function start() {
    var found = /[?&]q=([^&#]*)/.exec(location.search);
    input = doc.getElementById('q');
    status = doc.getElementById('search-status');
    facetBox = doc.getElementById('search-facets');
    results = doc.getElementById('search-results');
    if (!input || !status || !facetBox || !results) return;
    form = input.form || doc.body;
    box = make('ul', 'search-suggestions');
    box.id = 'search-suggestions';
    box.hidden = true;
    box.setAttribute('role', 'listbox');
    input.setAttribute('role', 'combobox');
    input.setAttribute('aria-autocomplete', 'list');
    input.setAttribute('aria-controls', box.id);
    input.setAttribute('aria-expanded', 'false');
    form.parentNode.insertBefore(box, form.nextSibling);
    form.onsubmit = function (e) {
      if (e && e.preventDefault) e.preventDefault();
      clearTimeout(timer);
      hide();
      run(true);
      return false;
    };
    input.oninput = typed;
    input.onkeydown = keys;
    input.onblur = hide;
    if (found) try { input.value = decodeURIComponent(found[1].replace(/\+/g, ' ')); } catch (e) { /* not ours */ }
    run(false);
  }
  if (doc.readyState === 'loading') doc.addEventListener('DOMContentLoaded', start);
  else start();
})(typeof document === 'undefined' ? null : document);
