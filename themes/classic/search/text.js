/* text.js - reads the texts of pages in f/, which index/terse writes: each character is one that followed the
 * same two or the same one before, one that the text has had, or a new one, by how common it is.
 *
 * search.js gets it with the manifest. Must not know: what a text is for. */
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
  function filled(size, value) {
    for (var list = []; list.length < size;) list.push(value);
    return list;
  }
  /* The text that these characters stand for; spoilt ones give some text. */
  function read(coded) {
    var bytes = core.decode(coded), at = 0, range = 4294967295, code = 0, out = [], cp = 1;
    /* Characters by number, from 1; how often each came, and in all; what followed one, and two. */
    var characters = [''], counts = [0], total = 0, one = [[]], two = [];
    var first = 0, second = 0, hits = 0, rare = 0, number, k, pair, single;
    var guess = [], seen = filled(8, 2048), kinds = filled(32, 2048);
    function next() { code = code * 256 + (bytes[at++] || 0); }
    function scale(unit, start, size) {
      code -= unit * start;
      for (range = unit * size; range < 16777216; range *= 256) next();
    }
    function bit(chances, n) {
      var chance = chances[n], bound = (range >>> 12) * chance, is = code < bound;
      chances[n] = is ? chance + (4096 - chance >> 4) : chance - (chance >> 4);
      if (is) scale(bound, 0, 1);
      else {
        range -= bound;
        code -= bound;
        scale(range, 0, 1);
      }
      return is;
    }
    function uniform(all) {
      var unit = Math.floor(range / all), n = Math.min(Math.floor(code / unit), all - 1);
      scale(unit, n, 1);
      return n;
    }
    function count(n) {
      counts[n]++;
      if (++total < 32768) return;
      for (total = 0, n = 1; n < counts.length; n++) total += counts[n] = counts[n] + 1 >> 1;
    }
    function old() {
      var unit = Math.floor(range / total), n = 0, before = 0, place = Math.min(Math.floor(code / unit), total - 1);
      while ((before += counts[++n]) <= place);
      scale(unit, before - counts[n], counts[n]);
      count(n);
      return n;
    }
    function fresh() {
      var kind = 1, n;
      while (kind < 16) kind = 2 * kind + bit(kinds, rare + kind);
      kind -= 16;
      rare = kind > 4 ? 16 : 0;
      if (kind > 13) return (cp = 0);
      n = uniform(COUNT[kind]);
      if (kind === 12) n = n * 1024 + uniform(1024);
      cp = kind < 5 ? han[kind][n] : n + (kind === 9 && n > 63 ? 0xfec0 : FIRST[kind]);
      if (characters.length > 2047) return 0;
      characters.push(cp);
      one.push([]);
      count(counts.push(0) - 1);
      return counts.length - 1;
    }
    /* The last three that came next, and how often in a row the last one. */
    function follow(list) {
      if (list[0] === number) return (list.sure = Math.min(list.sure + 1, 3));
      if (list[1] !== number) list[2] = list[1];
      list[1] = list[0];
      list[0] = number;
      list.sure = 0;
    }
    function guessed() {
      var tried = 0, m = 0, x;
      function is(list, rank) {
        return bit(guess, tried++ << 4 | (rank ? 0 : list.sure) << 2 | hits & 3);
      }
      for (; m < 2 && (x = pair[m]); m++) if (is(pair, m)) return x;
      for (m = 0; m < 3 && (x = single[m]); m++) if (x !== pair[0] && x !== pair[1] && is(single, m)) return x;
      return 0;
    }
    for (k = 0; k < 80; k++) guess.push((k > 15 ? 600 : 1400) + ((k >> 2 & 3) + (k >> 1 & 1)) * (k > 15 ? 200 : 400));
    for (k = 0; k < 4; k++) next();
    while (out.length < 65536 && at < bytes.length + 64) {
      k = (first * 0x9e35 ^ second * 0x85eb) >> 4 & 1023;
      pair = two[k] = two[k] || [];
      single = one[first];
      number = guessed();
      k = number && 1;
      if (!k) number = total && bit(seen, ((counts.length > 61) + (counts.length > 151) + (counts.length > 301)) * 2 + (hits & 1)) ? old() : fresh();
      if (number) cp = characters[number];
      if (!cp) break;
      out.push(cp > 65535 ? String.fromCharCode(0xd7c0 + (cp >> 10), 0xdc00 + (cp & 1023)) : String.fromCharCode(cp));
      if (number) {
        follow(pair);
        follow(single);
      }
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
  return {
    read: read,
    file: file,
    /* Gives a hit its page's address, title and kind, and {document: [id, heading, text]} as units. */
    fill: function (h) {
      var from = core.firstDoc[h.page], at = (h.page - starts[groupOf(h.page)]) & ((1 << core.manifest().pack) - 1);
      h.units = h.units || {};
      core.each([h.doc].concat(h.also), function (doc) {
        var v = core.values[file(doc)], lines = v && read(v.raw.split('&')[at] || '').split('\n'), unit = doc - ((doc - from) & 3), k;
        if (!lines || lines.length < 7) return;
        h.address = lines[0] + '.html';
        h.title = lines[1];
        h.kind = lines[2];
        for (k = 3; k + 3 < lines.length; k += 3) h.units[unit++] = lines.slice(k, k + 3);
      });
    }
  };
});
