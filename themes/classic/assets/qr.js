/* qr - a text as a QR code, drawn as SVG.
 *
 * ES5, classic. Byte mode, level M, versions 1 to 12 (287 bytes), after ISO/IEC 18004: data, error
 * words by Reed and Solomon, the eight masks, the best of them by the penalties of the standard.
 * Must not know: what the text says. */
(function () {
  'use strict';
  var anjian = window.anjian = window.anjian || {};
  /* Level M by version: error words a block, blocks. */
  var WORDS = [0, 10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22];
  var BLOCKS = [0, 1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8];

  function utf8(text) {
    var bytes = unescape(encodeURIComponent(text));
    var out = [];
    for (var i = 0; i < bytes.length; i++) out.push(bytes.charCodeAt(i));
    return out;
  }
  function rawWords(version) {
    var bits = (16 * version + 128) * version + 64;
    if (version >= 2) {
      var marks = Math.floor(version / 7) + 2;
      bits -= (25 * marks - 10) * marks - 55;
      if (version >= 7) bits -= 36;
    }
    return Math.floor(bits / 8);
  }
  function capacity(version) {
    return rawWords(version) - WORDS[version] * BLOCKS[version];
  }

  /* ---- Reed and Solomon over GF(256), 0x11d ---- */
  function multiply(x, y) {
    var z = 0;
    for (var i = 7; i >= 0; i--) {
      z = (z << 1) ^ ((z >>> 7) * 0x11d);
      z ^= ((y >>> i) & 1) * x;
    }
    return z;
  }
  function divisor(degree) {
    var out = [];
    var root = 1;
    var i;
    for (i = 0; i < degree; i++) out.push(i === degree - 1 ? 1 : 0);
    for (i = 0; i < degree; i++) {
      for (var j = 0; j < degree; j++) {
        out[j] = multiply(out[j], root);
        if (j + 1 < degree) out[j] ^= out[j + 1];
      }
      root = multiply(root, 2);
    }
    return out;
  }
  function remainder(data, by) {
    var out = by.map(function () {
      return 0;
    });
    data.forEach(function (b) {
      var factor = b ^ out.shift();
      out.push(0);
      by.forEach(function (c, i) {
        out[i] ^= multiply(c, factor);
      });
    });
    return out;
  }

  function encode(text) {
    var bytes = utf8(text);
    var version = 1;
    while (version <= 12 && bytes.length + (version < 10 ? 2 : 3) > capacity(version)) version++;
    if (version > 12) return null;
    var bits = [];
    function put(value, count) {
      for (var i = count - 1; i >= 0; i--) bits.push((value >>> i) & 1);
    }
    put(4, 4);
    put(bytes.length, version < 10 ? 8 : 16);
    bytes.forEach(function (b) {
      put(b, 8);
    });
    var room = capacity(version) * 8;
    put(0, Math.min(4, room - bits.length));
    put(0, (8 - bits.length % 8) % 8);
    for (var pad = 0xec; bits.length < room; pad ^= 0xec ^ 0x11) put(pad, 8);
    var data = [];
    for (var i = 0; i < bits.length; i += 8) {
      var word = 0;
      for (var j = 0; j < 8; j++) word = word << 1 | bits[i + j];
      data.push(word);
    }
    return { version: version, words: interleave(data, version) };
  }
  function interleave(data, version) {
    var blocks = BLOCKS[version];
    var extra = WORDS[version];
    var raw = rawWords(version);
    var shorts = blocks - raw % blocks;
    var length = Math.floor(raw / blocks) - extra;
    var by = divisor(extra);
    var parts = [];
    var at = 0;
    var out = [];
    for (var b = 0; b < blocks; b++) {
      var own = data.slice(at, at + length + (b < shorts ? 0 : 1));
      at += own.length;
      parts.push({ data: own, more: remainder(own, by) });
    }
    for (var i = 0; i <= length; i++) {
      parts.forEach(function (p) {
        if (i < p.data.length) out.push(p.data[i]);
      });
    }
    for (var k = 0; k < extra; k++) {
      parts.forEach(function (p) {
        out.push(p.more[k]);
      });
    }
    return out;
  }

  /* ---- the square ---- */
  function places(version) {
    if (version === 1) return [];
    var count = Math.floor(version / 7) + 2;
    var size = version * 4 + 17;
    var step = Math.ceil((size - 13) / (count * 2 - 2)) * 2;
    var out = [6];
    for (var at = size - 7; out.length < count; at -= step) out.splice(1, 0, at);
    return out;
  }
  function matrix(text) {
    var code = encode(text);
    if (!code) return null;
    var size = code.version * 4 + 17;
    var dark = [];
    var fixed = [];
    var x, y, i;
    for (y = 0; y < size; y++) {
      dark.push([]);
      fixed.push([]);
      for (x = 0; x < size; x++) {
        dark[y].push(false);
        fixed[y].push(false);
      }
    }
    function set(cx, cy, is) {
      if (cx < 0 || cy < 0 || cx >= size || cy >= size) return;
      dark[cy][cx] = !!is;
      fixed[cy][cx] = true;
    }
    for (i = 0; i < size; i++) {
      set(6, i, i % 2 === 0);
      set(i, 6, i % 2 === 0);
    }
    [[3, 3], [size - 4, 3], [3, size - 4]].forEach(function (p) {
      for (var dy = -4; dy <= 4; dy++) {
        for (var dx = -4; dx <= 4; dx++) {
          var far = Math.max(Math.abs(dx), Math.abs(dy));
          set(p[0] + dx, p[1] + dy, far !== 2 && far !== 4);
        }
      }
    });
    var marks = places(code.version);
    marks.forEach(function (a, m) {
      marks.forEach(function (b, n) {
        var last = marks.length - 1;
        if ((m === 0 && n === 0) || (m === 0 && n === last) || (m === last && n === 0)) return;
        for (var dy = -2; dy <= 2; dy++) {
          for (var dx = -2; dx <= 2; dx++) set(a + dx, b + dy, Math.max(Math.abs(dx), Math.abs(dy)) !== 1);
        }
      });
    });
    function format(mask) {
      var data = mask; /* level M is 00 */
      var rest = data;
      for (var k = 0; k < 10; k++) rest = (rest << 1) ^ ((rest >>> 9) * 0x537);
      var all = (data << 10 | rest) ^ 0x5412;
      function bit(n) {
        return (all >>> n) & 1;
      }
      for (k = 0; k <= 5; k++) set(8, k, bit(k));
      set(8, 7, bit(6));
      set(8, 8, bit(7));
      set(7, 8, bit(8));
      for (k = 9; k < 15; k++) set(14 - k, 8, bit(k));
      for (k = 0; k < 8; k++) set(size - 1 - k, 8, bit(k));
      for (k = 8; k < 15; k++) set(8, size - 15 + k, bit(k));
      set(8, size - 8, true);
    }
    format(0);
    if (code.version >= 7) {
      var rest = code.version;
      for (i = 0; i < 12; i++) rest = (rest << 1) ^ ((rest >>> 11) * 0x1f25);
      var all = code.version << 12 | rest;
      for (i = 0; i < 18; i++) {
        var a = size - 11 + i % 3;
        var b = Math.floor(i / 3);
        set(a, b, (all >>> i) & 1);
        set(b, a, (all >>> i) & 1);
      }
    }
    var at = 0;
    for (var right = size - 1; right >= 1; right -= 2) {
      if (right === 6) right = 5;
      for (var v = 0; v < size; v++) {
        for (var j = 0; j < 2; j++) {
          x = right - j;
          y = ((right + 1) & 2) === 0 ? size - 1 - v : v;
          if (fixed[y][x] || at >= code.words.length * 8) continue;
          dark[y][x] = ((code.words[at >>> 3] >>> (7 - (at & 7))) & 1) === 1;
          at++;
        }
      }
    }
    var best = -1;
    var least = Infinity;
    for (i = 0; i < 8; i++) {
      apply(dark, fixed, i);
      format(i);
      var cost = penalty(dark);
      if (cost < least) {
        least = cost;
        best = i;
      }
      apply(dark, fixed, i);
    }
    apply(dark, fixed, best);
    format(best);
    return dark;
  }
  function apply(dark, fixed, mask) {
    for (var y = 0; y < dark.length; y++) {
      for (var x = 0; x < dark.length; x++) {
        var flip = [(x + y) % 2, y % 2, x % 3, (x + y) % 3, (Math.floor(x / 3) + Math.floor(y / 2)) % 2,
          x * y % 2 + x * y % 3, (x * y % 2 + x * y % 3) % 2, ((x + y) % 2 + x * y % 3) % 2][mask] === 0;
        if (flip && !fixed[y][x]) dark[y][x] = !dark[y][x];
      }
    }
  }
  function penalty(dark) {
    var size = dark.length;
    var cost = 0;
    var count = 0;
    for (var turn = 0; turn < 2; turn++) {
      for (var y = 0; y < size; y++) {
        var line = '';
        for (var x = 0; x < size; x++) line += (turn ? dark[x][y] : dark[y][x]) ? '1' : '0';
        (line.match(/0{5,}|1{5,}/g) || []).forEach(function (run) {
          cost += run.length - 2;
        });
        line = '0000' + line + '0000';
        for (var at = line.indexOf('1011101'); at >= 0; at = line.indexOf('1011101', at + 1)) {
          if (line.substr(at - 4, 4) === '0000' || line.substr(at + 7, 4) === '0000') cost += 40;
        }
        if (!turn) count += line.split('1').length - 1;
      }
    }
    for (var b = 0; b + 1 < size; b++) {
      for (var a = 0; a + 1 < size; a++) {
        if (dark[b][a] === dark[b][a + 1] && dark[b][a] === dark[b + 1][a] && dark[b][a] === dark[b + 1][a + 1]) cost += 3;
      }
    }
    return cost + Math.floor(Math.abs(count * 20 - size * size * 10) / (size * size)) * 10;
  }

  /* An SVG element of the text, NULL when it is too long. The quiet zone of 4 is inside. */
  function qr(text, label) {
    var dark = matrix(text);
    if (!dark) return null;
    var space = 'http://www.w3.org/2000/svg';
    var svg = document.createElementNS(space, 'svg');
    var side = dark.length + 8;
    var d = '';
    for (var y = 0; y < dark.length; y++) {
      for (var x = 0; x < dark.length; x++) if (dark[y][x]) d += 'M' + (x + 4) + ' ' + (y + 4) + 'h1v1h-1z';
    }
    svg.setAttribute('viewBox', '0 0 ' + side + ' ' + side);
    svg.setAttribute('shape-rendering', 'crispEdges');
    svg.setAttribute('role', 'img');
    svg.setAttribute('aria-label', label);
    [['M0 0h' + side + 'v' + side + 'h-' + side + 'z', '#fff'], [d, '#000']].forEach(function (p) {
      var path = document.createElementNS(space, 'path');
      path.setAttribute('d', p[0]);
      path.setAttribute('fill', p[1]);
      svg.appendChild(path);
    });
    return svg;
  }
  anjian.qr = qr;
  anjian.qr.matrix = matrix;
})();
