/* text.js - reads the texts of pages in f/, which index/terse writes: each character is one that followed the
 * same two or the same one before, one that the text has had, or a new one, by how common it is.
 *
 * And tells how a page's texts fit a query. search.js gets it with the manifest. Must not know: where a
 * query comes from, what is shown of an answer. */
aj('text', '', function (core) {
  'use strict';
  /* Sets of common Han, the most common first: gaps between code points. From index/terse.sh. */
  var TABLE = ';@K*4=L75%/\'WQe60U2L+4#=cpaP*;f35w{fi3NGA[2k#(H2aPBAO+!3KdA\'X!5jZ|SNajP:59h)Y}}/IdV5>gS,tC mu_I}qVk89c8/H\'HRCT*+hXW>`C49U__[toF5[nBrq{,*@CQk\'5Pd|:ZtCD*C{NCZZ@^au@Rwvwe[PS elhFf#dCF?)AE+xWCmO_s,C78!^LHUT9h$- C)k(ItM%|JY`T_LJp50?asL#.rItzLMtEn>(o5Te)swhS8m+bIsn`4yeTb3_h9MP*3kK_K[c):O(=PPhWVb{JU|rD(q\'i3byBkVhe1_CQ2k5Q/Dw+|^E8)c}cLCtwiZ3gA/c}|)DN3[EH!kdnCOJMTHaf#@VsQ?`19/cxqxN>r$,4ki`UJ$D#%$HmRE;r5z jDi5e_HKNJ`,9{KeI5TPJs*m$h\'gs99:HZtzyBD{iS;>>Ob=vjA1;1S T?NL4ana^.q=DvZzogcZQ?Pe+vVpd7Y^ah;Js`cB0;HVIquHF`mPO?* M{FZL{50p>mVvZ.wsDH$}qZmo%g`[|-9q\'|o=(]f\'vd*`|-R?1I.Lf08cTy,SFii+P]dCC*e][$;HpDd \'h5wj[1j.bU1ILc{M3*M#)U|Sw 6jStmKJeFdXAm(C6ha(IpvaY8]+ n.F>|rGE$c395m/7`9WS,T\'Q5#s5~4%n4bB6vb:2_KBEu8#xOL_HMnXA\',_c}W6F4Ny-szPl,gnV}F,uyz>m)(j:~v!+Wb4m>-hGZ)|hQgi.gPx:2\'.g!^J3-ytP#w2hi@5![7rRcQlPOP`fc^QQ-V%%3>nG$2TUh=@C3*]K;u3S6iL97IEJTVAq,?;aLfqkM,Z$2VfhH0(PAQ.JaW,%vP)2Sc=dWX!i@r{oikBK8!G4kVBi,@9?|(4O[sPLJ(u!|:uSnL$U\'jI!#k%`#Bn0/V9yHKr;Gk2hEY6IJT5FFl9XzSomUB^3^tdslS5;`7j$^LXl+IFDDFl/TM+XxzY9mIYcCIT8u,RZ_DEM^b|wSmA*a:YU1_UymmIgVsZMF-keWg%|3L]o:%ktJ5St5m+*RI\'Q,nJA]deS>URvfGxiLrYJHJ4)|,wFw?QQVIVRIEE6!i6;v;@hBeCNa_u[08r0Lq`:EoZ|g3{MofzErIk7?V(1A,b0(A]X,%~/)!klV!{/d#nyar^!;)UJ;/yPu!jL{ ?';
  /* Kinds of new characters: these sets, the other Han, a to z, digits, ASCII, U+3000 and U+FF00,
   * U+2000, the rest: where they begin, and how many there are. */
  var FIRST = [0, 0, 0, 0, 0, 0x4e00, 97, 48, 32, 0x3000, 0x2000, 0, 0x10000, 10];
  var COUNT = [64, 64, 128, 256, 512, 0x5200, 26, 10, 96, 128, 64, 0x10000, 1024, 1];
  var bits = new core.Bits({ raw: TABLE }), han = COUNT.slice(0, 5).map(function (count) {
    var list = [], last = 0x4dff;
    for (bits.k = 6; list.length < count;) list.push(last += bits.g(bits.k) + 1);
    return list;
  });
  var string = String.fromCharCode;
  function least(x, y) { return x < y ? x : y; }
  function filled(size, value) {
    for (var list = new Uint16Array(size), n = 0; value && n < size;) list[n++] = value;
    return list;
  }
  /* The text that these characters stand for; spoilt ones give some text. */
  function read(coded) {
    /* Words of 32 bits, since other numbers as large are slow: the range, and where in it we are. */
    var state = new Uint32Array([-1, 0]), bytes = core.decode(coded), at = 0, out = [], ch = '';
    /* Characters by number, from 1; how often each came, one by one, by sixteens and in all. */
    var characters = [''], counts = filled(2048, 0), sums = filled(128, 0), total = 0;
    /* What followed one, and two: the last three, and how often in a row the last one. */
    var one = filled(8192, 0), two = filled(4096, 0);
    var first = 0, second = 0, hits = 0, rare = 0, number, k, pair, single;
    var guess = filled(80, 0), seen = filled(8, 2048), kinds = filled(32, 2048);
    function scale(code, range) {
      for (; range < 16777216; range *= 256) code = code * 256 + (bytes[at++] || 0);
      state[0] = range;
      state[1] = code;
    }
    function bit(chances, n) {
      var range = state[0], code = state[1], chance = chances[n], bound = (range >>> 12) * chance, one = code < bound ? 1 : 0;
      if (one) {
        range = bound;
        chances[n] = chance + (4096 - chance >> 4);
      } else {
        range -= bound;
        code -= bound;
        chances[n] = chance - (chance >> 4);
      }
      for (; range < 16777216; range *= 256) code = code * 256 + (bytes[at++] || 0); /* scale(), here for speed */
      state[0] = range;
      state[1] = code;
      return one;
    }
    function uniform(all) {
      var unit = state[0] / all >>> 0, n = least(state[1] / unit >>> 0, all - 1);
      scale(state[1] - unit * n, unit);
      return n;
    }
    function count(n) {
      counts[n]++;
      sums[n >> 4]++;
      if (++total < 32768) return;
      sums = filled(128, 0);
      for (total = 0, n = 1; n < characters.length; n++) {
        counts[n] = counts[n] + 1 >> 1;
        sums[n >> 4] += counts[n];
        total += counts[n];
      }
    }
    function old() {
      var unit = state[0] / total >>> 0, n = 0, place = least(state[1] / unit >>> 0, total - 1), before = place;
      for (; place >= sums[n]; n++) place -= sums[n];
      for (n *= 16; place >= counts[n]; n++) place -= counts[n];
      scale(state[1] - unit * (before - place), unit * counts[n]);
      count(n);
      return n;
    }
    function fresh() {
      var kind = 1, n, cp;
      while (kind < 16) kind = 2 * kind + bit(kinds, rare + kind);
      kind -= 16;
      rare = kind > 4 ? 16 : 0;
      if (kind > 13) return (ch = '', 0);
      n = uniform(COUNT[kind]);
      if (kind === 12) n = n * 1024 + uniform(1024);
      cp = kind < 5 ? han[kind][n] : n + (kind === 9 && n > 63 ? 0xfec0 : FIRST[kind]);
      ch = cp > 65535 ? string(0xd7c0 + (cp >> 10), 0xdc00 + (cp & 1023)) : string(cp);
      if (characters.length > 2047) return 0;
      count(characters.push(ch) - 1);
      return characters.length - 1;
    }
    function follow(list, x) {
      if (list[x] === number) {
        if (list[x + 3] < 3) list[x + 3]++;
        return;
      }
      if (list[x + 1] !== number) list[x + 2] = list[x + 1];
      list[x + 1] = list[x];
      list[x] = number;
      list[x + 3] = 0;
    }
    function guessed() {
      var tried = hits & 3, m = 0, x, a = two[pair], b = two[pair + 1];
      for (; m < 2 && (x = two[pair + m]); m++, tried += 16) if (bit(guess, tried | (m ? 0 : two[pair + 3] << 2))) return x;
      for (m = 0; m < 3 && (x = one[single + m]); m++) if (x !== a && x !== b) {
        if (bit(guess, tried | (m ? 0 : one[single + 3] << 2))) return x;
        tried += 16;
      }
      return 0;
    }
    for (k = 0; k < 80; k++) guess[k] = (k > 15 ? 600 : 1400) + ((k >> 2 & 3) + (k >> 1 & 1)) * (k > 15 ? 200 : 400);
    for (k = 0; k < 4; k++) state[1] = state[1] * 256 + (bytes[at++] || 0);
    while (out.length < 65536 && at < bytes.length + 64) {
      pair = ((first * 0x9e35 ^ second * 0x85eb) >> 4 & 1023) * 4;
      single = first * 4;
      number = guessed();
      k = number && 1;
      if (!k) {
        k = characters.length;
        number = total && bit(seen, ((k > 61) + (k > 151) + (k > 301)) * 2 + (hits & 1)) ? old() : fresh();
        k = 0;
      }
      if (number) {
        ch = characters[number];
        follow(two, pair);
        follow(one, single);
      } else if (!ch) break;
      out.push(ch);
      second = first;
      first = number;
      hits = hits << 1 | k;
    }
    return out.join('');
  }

  /* ---- which file, and what it says of a page ---- */
  var keys = [], starts = []; /* of groups: as files call them, their first pages */
  function groupOf(page) {
    var n = 0;
    if (!keys[0]) core.each(core.manifest().groups.split(' '), function (s, k) {
      if (k & 1) n += +s;
      else {
        keys.push(s);
        starts.push(n);
      }
    });
    return core.place(starts, page) - 1;
  }
  /* Four units of a page in each, of a big site's several pages: index/fragment. */
  function file(doc) {
    var page = core.pageOf[doc], g = groupOf(page), part = (doc - core.firstDoc[page]) >> 2;
    return 'f/' + keys[g] + '-' + core.hex((page - starts[g]) >> core.manifest().pack) + (part ? '-' + core.hex(part) : '');
  }
  /* How a page fits: title 7 equal, 5 begins, 4 has it; 6 a heading is equal; in one text 3 as typed, 2
   * all its runs; 1 the runs in several. Moves to the unit that shows it. */
  function judge(h, q) {
    var title = core.fold(h.title || ''), plain = core.bare(title), query = core.bare(q.text), best = 0, at = h.doc, left = q.runs, k;
    function has(s) {
      return q.runs.every(function (r) { return s.indexOf(r.text) >= 0; });
    }
    function take(fit, doc) { if (fit > best || (fit === best && +doc === h.doc)) { best = fit; at = +doc; } }
    if (!h.address || !query) return;
    for (k in h.units) {
      var u = h.units[k], heading = u[3] = u[3] || core.fold(u[1]), text = u[4] = u[4] || heading + ' ' + core.fold(u[2]);
      left = left.filter(function (r) { return text.indexOf(r.text) < 0; });
      if (core.bare(heading) === query || u[2].split('\u200b').some(function (s, m) { return m & 1 && core.bare(core.fold(s)) === query; })) take(6, k);
      else if (has(text)) take(core.bare(text).indexOf(query) >= 0 ? 3 : 2, k);
    }
    if (core.bare(h.words).indexOf(query) >= 0) take(3, h.doc);
    left = left.filter(function (r) { return (title + h.words).indexOf(r.text) < 0; });
    if (!best && !left.length) best = 1;
    k = plain.indexOf(query);
    if (plain === query) best = 7;
    else if (best < 6 && (!k || k > 0 || has(title))) best = k ? 4 : 5;
    if (best <= h.fit) return;
    h.fit = best;
    h.doc = at;
  }
  return {
    read: read,
    file: file,
    judge: judge,
    /* Gives a hit its page's address, title and kind, and {document: [id, heading, text]} as units; its
     * keywords, folded, a | before each, and whether it has characters that fold to other ones. */
    fill: function (h) {
      var from = core.firstDoc[h.page], at = (h.page - starts[groupOf(h.page)]) & ((1 << core.manifest().pack) - 1);
      h.units = h.units || {};
      core.each([h.doc].concat(h.also), function (doc) {
        var v = core.values[file(doc)], unit = doc - ((doc - from) & 3), lines, k;
        if (!v) return;
        v.said = v.said || [];
        lines = v.said[at] = v.said[at] || read(v.raw.split('&')[at] || '').split('\n');
        if (lines.length < 7) return;
        h.address = lines[0] + '.html';
        h.title = lines[1];
        v = lines[2].split('\u200b');
        h.kind = v.shift();
        h.words = v[0] ? '|' + core.fold(v.join('|')) : h.words || '';
        h.old = h.old || lines.length % 3 > 1;
        for (k = 3; k + 3 < lines.length; k += 3) h.units[unit++] = lines.slice(k, k + 3);
      });
    }
  };
});
