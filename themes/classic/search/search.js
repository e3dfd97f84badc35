/* search.js - finds Han, Latin and pinyin in the script shards beside it; works on file://.
 *
 * ES5. AnjianSearch.use(load) gives it a way to get a script file, which calls aj(name, numbering, value).
 * Parts are files of their own, got when first needed: text.js (the texts of pages, and how they fit),
 * other.js (queries in letters, misspelt and traditional ones) and extra.js (filters, suggestions,
 * keyboard). page.js draws what it finds.
 * Must not know: the document, markup in content. */
var aj, AnjianSearch = (function () {
  var LIMIT_CHARS = 32, LIMIT_TERMS = 24, CHECKED = 10;
  var values = {}, held = 0, waiting = {}, queue = [], flying = 0, loader;
  var manifest = null, splits = {}, wordStarts = [], pageOf = [], firstDoc = [];
  var codes = [], core, i, n = 0;

  for (i = 32; i < 127; i++) if ('"&<\\'.indexOf(char(i)) < 0) codes[i] = n++;

  function char(c) { return String.fromCharCode(c); }
  function each(list, f) { for (var k = 0; k < list.length; k++) f(list[k], k); }
  /* ---- files: loaded once, one retry, those not used for long forgotten ---- */
  function put(name, numbering, value) {
    if (name === 'manifest' && !openManifest(numbering, value)) return;
    if (!numbering || (manifest && numbering === manifest.numbering)) {
      values[name] = { raw: value, size: value.length > 99 ? value.length : 3000 };
      held += values[name].size;
    }
  }
  function forget() {
    for (var k in values) { /* those used last come last */
      if (held < 2e6) return;
      if (k.indexOf('/') > 0) {
        held -= values[k].size;
        delete values[k];
      }
    }
  }
  function pump() { while (flying < 20 && queue.length) start(queue.shift()); }
  function start(name, again) {
    flying++;
    loader(name + '.js', function () {
      flying--;
      if (!values[name] && !again) return start(name, 1);
      var list = waiting[name];
      delete waiting[name];
      each(list, function (f) { f(); });
      pump();
    });
  }
  /* done() once all are there or have failed; the names of those go to `failed`. */
  function need(names, failed, done) {
    var open = 1;
    function one() {
      if (--open) return;
      each(names, function (k) { if (!values[k] && failed.indexOf(k) < 0) failed.push(k); });
      done();
    }
    each(names, function (k) {
      var v = values[k];
      delete values[k];
      if (v) return (values[k] = v);
      open++;
      if (waiting[k]) return waiting[k].push(one);
      waiting[k] = [one];
      queue.push(k);
    });
    pump();
    one();
  }
  /* A part of this script in a file of its own: its maker is called once with the insides of this. */
  function part(name, failed, done) {
    need([name], failed, function () {
      var v = values[name];
      if (v && !v.made) v.made = v.raw(core);
      done(v && v.made);
    });
  }

  /* ---- bytes ---- */
  function decode(text) {
    var size = text.length >> 1, out = new Uint8Array((size * 13) >> 3), bits = 0, held = 0, at = 0, k;
    for (k = 0; k < size; k++) {
      bits |= (codes[text.charCodeAt(2 * k)] * 91 + codes[text.charCodeAt(2 * k + 1)]) << held;
      held += 13;
      while (held > 7) {
        out[at++] = bits & 255;
        bits >>>= 8;
        held -= 8;
      }
    }
    return out;
  }
  /* Numbers of as many bits as they need: index/bits writes them. */
  function Bits(v) {
    this.b = v.bytes = v.bytes || decode(v.raw);
    this.at = v.at || 0;
  }
  Bits.prototype = {
    n: function (size) {
      var v = 0, k = 0, b = this.b, at = this.at;
      for (; k < size; k++, at++) v |= (b[at >> 3] >> (at & 7) & 1) << k;
      this.at = at;
      return v;
    },
    g: function (k) {
      for (var more = 0; more < 31 && this.n(1);) more++;
      this.k = more > 1 ? k + 1 : more || !k ? k : k - 1; /* for the next one */
      return ((1 << more) - 1 << k) + this.n(more + k);
    },
    left: function () { return this.at < 8 * this.b.length; },
    /* Calls f(document, weight of its impact) for each of a list. */
    list: function (size, f) {
      for (var k = 0, doc = -1, v = 2, rank, own; size << k + 2 < manifest.reach && k < 30;) k++;
      while (size-- && this.left()) {
        doc += this.g(k) + 1;
        k = this.k;
        for (rank = 0; rank < 6 && this.n(1);) rank++;
        own = (v + 5) % 7; /* 2 3 4 5 6 7 1, the last one first */
        if (rank) v = (rank - (rank <= own) + 1) % 7 + 1;
        if (f) f(doc, '0258;=>?'.charCodeAt(v) - 48);
      }
    }
  };

  function openManifest(numbering, m) {
    var bits, k, r = /(\D)(\d)/g, hit;
    if (!m || m.format !== 4) return false;
    m.numbering = numbering;
    while ((hit = r.exec(m.splits))) splits[hit[1].charCodeAt(0)] = +hit[2];
    wordStarts = m.words ? m.words.split(' ').map(bytesOf) : [];
    bits = decode(m.pages);
    pageOf = new Int32Array(m.documents);
    for (k = 0; k < m.documents; k++) {
      if (bits[k >> 3] >> (k & 7) & 1) firstDoc.push(k);
      pageOf[k] = firstDoc.length - 1;
    }
    core.pageOf = pageOf;
    return (manifest = m);
  }

  /* ---- the form in which everything is compared: index/fold does the same ---- */
  var NOTHING = /[\u0300-\u036f\u3099\u309a\xad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]/g;
  var HAN = /[\u4e00-\u9fff\u3400-\u4dbf\u3005\u3007\u3041-\u3096\u30a1-\u30fa\u30fc\u3105-\u312f\uac00-\ud7a3\uf900-\ufaff\ud840-\udbff]/;
  var WORD = /[a-z0-9\xc0-\xd6\xd8-\xf6\xf8-\u024f\u0370-\u037d\u037f-\u0386\u0388-\u052f]/;
  /* A string by characters, those of two halves as one. */
  function chars(s) { return s.match(/[\ud800-\udbff][\udc00-\udfff]|[^]/g) || []; }
  function foldOne(ch) {
    var c = ch.charCodeAt(0);
    if (c < 0x4E00 || c > 0x9FFF) {
      if (c >= 0xFF01 && c <= 0xFF5E) ch = char(c - 0xFEE0);
      else if (c > 0x7F && ch.normalize) ch = ch.normalize('NFKC');
      ch = ch.toLowerCase().replace(NOTHING, '');
    }
    return core.old ? chars(ch).map(function (x) { return core.old[x] || x; }).join('') : ch;
  }
  /* { text, from: index in s of each unit of text } */
  function foldMap(s) {
    var text = '', from = [], k = 0;
    each(chars(s), function (ch) {
      text += foldOne(ch);
      while (from.length < text.length) from.push(k);
      k += ch.length;
    });
    from.push(k);
    return { text: text, from: from };
  }
  function fold(s) {
    if (s.normalize && /[\u0300-\u036f\u3099\u309a\uff9e\uff9f\u1100-\u11ff]/.test(s)) s = s.normalize('NFKC');
    return core.old ? foldMap(s).text : s.replace(/[\ud800-\udbff][\udc00-\udfff]|[^\u4e00-\u9fffa-z\d ,.]/g, foldOne);
  }

  /* ---- a query's runs: { han: bool, text, chars } ---- */
  function runsOf(text) {
    var runs = [], open = null;
    each(chars(text), function (ch) {
      var kind = HAN.test(ch) ? 1 : WORD.test(ch) || (open && !open.han && /[-._\/]/.test(ch)) ? 0 : -1;
      if (kind < 0) open = null;
      else if (open && open.han === kind) {
        open.text += ch;
        open.chars.push(ch);
      } else runs.push(open = { han: kind, text: ch, chars: [ch] });
    });
    each(runs, function (r) { if (!r.han) r.text = r.text.replace(/[-._\/]+$/, '').slice(0, 48); });
    return runs;
  }
  /* What a text is looked up by: { text, runs, terms }. A term is { key (a pair) or word, must, prefix } */
  function asked(text) {
    var runs = runsOf(text), terms = [], seen = {};
    function add(run, t) {
      var id = t.word ? 'w' + t.word : t.key, old = seen[id];
      if (!old) {
        if (terms.length === LIMIT_TERMS) return;
        t.bit = 1 << terms.length;
        terms.push(old = seen[id] = t);
      }
      old.must = old.must || t.must;
      if (t.must) run.bits |= old.bit;
    }
    function pair(x, y, must) {
      return x.length > 1 || y.length > 1 ? { word: x + y, must: must } : { key: x + y, must: must };
    }
    each(runs, function (r, at) {
      var k, n, alone = runs.length < 2, t;
      r.bits = 0;
      if (r.han) {
        n = r.chars.length - 2; /* of many characters each in one pair: half the files, and texts decide */
        for (k = 0; k <= n; k += n > 6 && k < n - 1 ? 2 : 1) add(r, pair(r.chars[k], r.chars[k + 1], true));
        if (n >= 0) return;
        t = pair(r.text, '', alone);
        t.starts = alone;
        return add(r, t);
      }
      k = r.text.match(/\d+|[^\d\-._\/]+/g) || [];
      each(k, function (p, m) { add(r, { word: p, must: true, prefix: at === runs.length - 1 && m === k.length - 1 && p.length > 1 }); });
      if (k[1]) add(r, { word: r.text });
    });
    return { text: text, runs: runs, terms: terms };
  }

  /* ---- which files a term lives in ---- */
  function bytesOf(word) { return unescape(encodeURIComponent(word)); }
  /* How many of the rising list are not behind x. */
  function place(list, x) {
    for (var lo = 0, hi = list.length, mid; lo < hi;) {
      mid = (lo + hi) >> 1;
      if (list[mid] <= x) lo = mid + 1;
      else hi = mid;
    }
    return lo;
  }
  function hex(x) { return x.toString(16); }
  function filesOf(t, deep) {
    var names = [], c, shift, k, word;
    if (!t.word) {
      c = t.key.charCodeAt(0);
      shift = splits[c];
      if (shift === undefined) return ['t/b' + hex(c & (manifest.buckets - 1))];
      for (k = 0; k < 1 << shift; k++)
        if ((t.starts && deep) || k === (t.key.charCodeAt(1) & ((1 << shift) - 1))) names.push('t/' + hex(c) + '-' + hex(k));
      return names;
    }
    word = bytesOf(t.word);
    k = place(wordStarts, word);
    if (k) names.push('t/w' + hex(k - 1));
    for (; t.prefix && !names[4] && wordStarts[k] && !wordStarts[k].indexOf(word.slice(0, wordStarts[k].length)); k++) names.push('t/w' + hex(k));
    return names;
  }
  /* { entries: [{key, n, count, parts, bytes, at}] } */
  function shardOf(name) {
    var v = values[name], r, left, key = '', k = 6, len, e, words = name.charAt(2) === 'w', shift, first = 0, second;
    if (!v || v.entries) return v;
    r = new Bits(v);
    v.entries = [];
    if (!words) shift = r.n(4);
    for (left = r.g(6); left-- && r.left();) {
      if (words) {
        key = key.slice(0, r.g(2));
        for (len = r.g(2); len-- && r.left();) key += char(r.n(8));
      } else {
        first += len = r.g(0);
        if (len) second = r.n(16);
        else { second += r.g(k) + 1 << shift; k = r.k; }
        key = char(first) + (second ? char(second) : '');
      }
      v.entries.push(e = { key: key, n: r.g(0), count: 0, bytes: r.b });
      if (r.n(1)) { e.count = r.g(8); e.parts = r.g(0); }
      e.at = r.at;
      r.list(e.n);
    }
    return v;
  }
  /* Gives each term its lists [{key, bytes, at, n}], once its files are there. The rest of a very
   * common term, of low impact, is left alone unless `deep`; then t.rest says how many it has. */
  function gather(terms, deep, failed, done) {
    var names = [];
    each(terms, function (t) { names = names.concat(t.files = filesOf(t, deep)); });
    need(names, failed, function () {
      each(terms, function (t) {
        t.wanted = t.word ? bytesOf(t.word) : t.key;
        t.lists = [];
        t.tails = [];
        t.rest = t.starts && !deep ? 1 : 0;
        each(t.files, function (f) {
          var s = shardOf(f);
          each(s ? s.entries : [], function (e) {
            var exact = e.key === t.wanted;
            if (e.key.indexOf(t.wanted) || !(exact || t.starts || t.prefix)) return;
            t.lists.push(e);
            if (!deep && exact) t.rest += e.count;
            if (e.parts) t.tails.push(e);
          });
        });
      });
      function end() {
        forget();
        done();
      }
      if (!deep) return end();
      part('other', failed, function (o) {
        if (o) o.deepen(terms, failed, end);
        else end();
      });
    });
  }

  /* ---- scoring ---- */
  var impact = []; /* of documents, as postings() has read them */
  /* The documents of a term, rising. */
  function postings(t) {
    var docs = [], total = manifest.documents;
    if (impact.length < total) impact = new Uint8Array(total);
    each(t.lists, function (l) {
      var r = new Bits(l);
      r.list(l.n < 0 ? r.g(8) : l.n, function (doc, v) {
        if (doc >= total) return;
        if (l.key && l.key !== t.wanted) v >>= 1;
        if (!impact[doc]) docs.push(doc);
        if (impact[doc] < v) impact[doc] = v;
      });
    });
    return t.lists[1] ? docs.sort(function (x, y) { return x - y; }) : docs;
  }
  /* Pages that hold all the terms, else a good part of them: hits, best first. */
  function score(q, allowed) {
    var docs = manifest.documents, pages = firstDoc.length, musts = 0, loose = 0, all = 0, looseIdf = 0, total = 0, top = 1, touched = [], full = [], some = [];
    var unit = new Float32Array(docs), idfs = new Float32Array(docs), bits = new Int32Array(docs), page = new Float32Array(pages), share = new Float32Array(pages), mask = new Int32Array(pages);
    q.unknown = false;
    each(q.terms, function (t) {
      var last = -1, best, found = postings(t), must = t.must, df, idf;
      t.df = df = Math.max(found.length, t.rest);
      idf = df ? Math.log(1 + docs / df) : 0;
      top = Math.max(top, idf);
      if (must) {
        musts |= t.bit;
        total += idf;
        if (!df) q.unknown = true;
        if (t.rest) { loose |= t.bit; looseIdf += idf; }
      }
      each(found, function (d) {
        var p = pageOf[d], v = impact[d];
        impact[d] = 0;
        if (allowed && !allowed[p]) return;
        if (p !== last) {
          last = p;
          best = 0;
          if (!mask[p]) touched.push(p);
          mask[p] |= t.bit;
          if (must) share[p] += idf;
        }
        if (v > best) {
          page[p] += idf * (v - best);
          best = v;
        }
        unit[d] += idf * v;
        bits[d] |= t.bit;
        if (must) idfs[d] += idf;
      });
    });
    each(q.terms, function (t) { if (t.must && !t.df) total += 0.3 * top; });
    total = total || 1;
    q.exact = !loose;
    each(q.runs, function (r) { all |= r.bits; });
    each(touched, function (p) {
      var end = p + 1 < pages ? firstDoc[p + 1] : docs, best = -1, h, d, c, s, runs = 0, doc, also = [], more = [];
      for (d = firstDoc[p]; d < end; d++) {
        c = idfs[d] / total;
        s = unit[d] * (0.1 + c * c);
        if (bits[d] && s > best) { best = s; doc = d; }
        if (all && ((bits[d] | loose) & all) === all) more.push(d);
      }
      each(q.runs, function (r) { /* is there one unit with all of the run? */
        function has(x) { return (bits[x] & r.bits) === r.bits; }
        for (d = firstDoc[p]; d < end && !has(doc) && !has(d);) d++;
        if (d === end) return;
        runs++;
        if (!has(doc) && !also[1]) also.push(d);
      });
      c = share[p];
      if (loose & ~mask[p]) c = Math.min(total, c + looseIdf);
      c /= total;
      d = idfs[doc] / total;
      h = { page: p, doc: doc, also: also, more: more, score: musts ? page[p] * c * c * (0.4 + 0.3 * d * d + 0.3 * runs / q.runs.length) / total : page[p] };
      h.maybe = (mask[p] & musts) !== musts;
      if (((mask[p] | loose) & musts) === musts) full.push(h);
      else if (c >= 0.25) some.push(h);
    });
    return { full: full, part: some.slice(0, 200) };
  }

  /* ---- the texts of the best decide ---- */
  function fill(hits, failed, done) {
    var names = [], texts = values.text && values.text.made || {};
    hits = hits.filter(function (h) { return !h.address; });
    each(hits, function (h) {
      var own = [h.doc].concat(h.also).map(texts.file);
      names = names.concat(own);
      need(own, failed, function () { texts.fill(h); }); /* read while others are on their way */
    });
    need(names, failed, done);
  }
  function bare(s) { return s.replace(/[\s\u3000-\u3003\u3008-\u3011\uff00-\uff0f\u2010-\u2027"'()\[\],.:;!?<>《》·\-_\/]+/g, ''); }
  /* Gives the hits what their texts say, and puts the first ten of each list in that order. */
  function check(a, done, list) {
    fill(list = list || a.full.concat(a.part).slice(0, CHECKED), a.failed, function () {
      var old, more, fits;
      function end() {
        each(['full', 'part'], function (k) { a[k] = a[k].slice(0, CHECKED).sort(better).concat(a[k].slice(CHECKED)); });
        done(a);
      }
      each(list, function (h, k) {
        h.fit = 0;
        h.rank = k + (h.maybe ? 99 : 0);
        each(a.queries, function (q) { values.text.made.judge(h, q); });
        fits = fits || h.fit;
        old = old || (h.old && !h.fit);
      });
      each(list, function (h, k) { /* pairs may have met by chance where the phrase is in another unit */
        if (h.fit || !h.more[0] || (!fits && k > 3)) return;
        h.also = h.more;
        h.more = h.address = '';
        more = 1;
      });
      if (more) return check(a, done, list);
      if (!old || core.old) return end();
      part('other', a.failed, function (o) {
        if (o) o.old(a, list, end, done);
        else end();
      });
    });
  }
  function better(x, y) { return (y.fit || 0) - (x.fit || 0) || x.rank - y.rank; }

  /* ---- one query ---- */
  function nothing(queries, failed) { return { full: [], part: [], near: [], queries: queries, failed: failed, exact: true }; }
  /* Looks all the texts up: {full, part, near, queries, failed}, not checked. */
  function find(texts, options, failed, done) {
    var queries = texts.map(asked), terms = [];
    each(queries, function (q) { terms = terms.concat(q.terms); });
    gather(terms, options.deep, failed, function () {
      var a = nothing(queries, failed), seen = {}, lists;
      a.unknown = true;
      lists = queries.map(function (q, k) {
        var l = score(q, options.allowed);
        each(l.full, function (h) {
          h.asked = k;
          if (options.prior) h.score /= 1 + 0.3 * k;
        });
        return l;
      });
      each(['full', 'part'], function (key) {
        each(lists, function (l) { a[key] = a[key].concat(l[key]); });
        a[key].sort(function (x, y) { return y.score - x.score || x.doc - y.doc; });
        a[key] = lists[0][key].slice(0, 4).concat(a[key]).filter(function (h) { return !seen[h.page] && (seen[h.page] = 1); });
      });
      each(queries, function (q) {
        if (!q.exact) a.exact = false;
        if (!q.unknown) a.unknown = false;
      });
      done(a);
    });
  }
  /* options: {allowed: page → bool, deep: all postings}. done({full, part, near, read, queries, exact,
   * failed, long}): near are meant rather than asked, read is what was looked up instead. */
  function query(input, options, done) {
    var failed = [], size = 0, text, letters;
    /* A syllable is several letters: they count half. */
    text = chars(String(input).slice(0, 4 * LIMIT_CHARS)).filter(function (c) { return (size += c > ' ' ? c > 'z' ? 1 : 0.5 : 0) <= LIMIT_CHARS; }).join('');
    text = fold(text).replace(/\xfc/g, 'v').trim();
    letters = /^[a-z' ]*[a-z][a-z' ]*[a-z' ]$/.test(text);
    function finish(a) {
      a.long = size > LIMIT_CHARS;
      a.read = a.read || '';
      done(a);
    }
    function other(a) {
      part('other', failed, function (o) {
        if (o) o.query(text, a, options, finish);
        else check(a, finish);
      });
    }
    function look(texts) {
      /* syllables one by one are pinyin, and nothing else before that has failed */
      if (/^([a-z]{1,6} ){2,}[a-z]{1,6}$/.test(text)) return other(nothing([], failed));
      find(texts, options, failed, function (a) {
        if (letters || (HAN.test(text) && (!a.full[0] || /[请么怎如哪吗呢]/.test(text)))) return other(a);
        check(a, function () {
          if (!a.full[0] || a.full[0].fit >= 1) finish(a);
          else if (a.exact || a.full[9]) other(a);
          else query(input, { deep: 1, allowed: options.allowed }, done);
        });
      });
    }
    if (letters) need(['other', 'p/index'], [], forget); /* they will be wanted */
    need(['manifest', 'text'], failed, function () {
      var a = nothing([], failed);
      a.lost = failed[0];
      if (a.lost) return finish(a);
      values.text.made = values.text.made || values.text.raw(core);
      if (manifest.synonyms.join().split(',').some(function (w) { return w && text.indexOf(w) >= 0; })) part('other', failed, function (o) { look(o ? o.variants(text) : [text]); });
      else look([text]);
    });
  }
  core = {
    each: each, need: need, part: part, values: values, decode: decode, firstDoc: firstDoc, Bits: Bits, fold: fold, find: find, check: check,
    chars: chars, foldMap: foldMap, HAN: HAN, place: place, hex: hex, bare: bare,
    manifest: function () { return manifest; },
    query: query,
    use: function (load) { loader = load; },
    fill: fill
  };
  aj = put;
  return core;
})();
