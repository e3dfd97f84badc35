/* record - training statements: xAPI 1.0.3, one a line, each line chained to the one before.
 *
 * ES5, classic, no request, no storage, no page: bytes in, bytes out, so that the same file runs in
 * a kiosk and in Node. The format and its hash rules stand in the manual (docs/train/record.md).
 * SHA-256 after FIPS 180-4, HMAC after RFC 2104. Must not know: who keeps the lines, and where. */
(function () {
  'use strict';
  var anjian = window.anjian = window.anjian || {};
  var FORMAT = 1;
  var EXTENSION = 'urn:anjian:record';
  var NOBODY = '00000000-0000-0000-0000-000000000000';
  var ZERO = new Array(65).join('0');
  var ADL = 'http://adlnet.gov/expapi/';
  var VERBS = {
    launched: '\u5f00\u59cb',
    answered: '\u4f5c\u7b54',
    completed: '\u5b8c\u6210',
    passed: '\u5408\u683c',
    failed: '\u672a\u5408\u683c',
    terminated: '\u4e2d\u6b62'
  };
  var ACTIVITY = { quiz: 'assessment', course: 'course' };
  var INTERACTION = {
    single: 'choice', multiple: 'choice', truefalse: 'true-false', fill: 'fill-in',
    order: 'sequencing', match: 'matching', short: 'long-fill-in', scenario: 'other'
  };

  /* ---- hashing ---- */
  var K = [];
  (function () {
    var n = 2;
    while (K.length < 64) {
      var prime = true;
      for (var d = 2; d * d <= n; d++) if (n % d === 0) prime = false;
      if (prime) {
        var root = Math.pow(n, 1 / 3);
        K.push(((root - Math.floor(root)) * 4294967296) | 0);
      }
      n++;
    }
  })();
  /* Text to a string of bytes. A lone half of a pair cannot be UTF-8: it becomes U+FFFD. */
  function utf8(text) {
    return unescape(encodeURIComponent(whole(text)));
  }
  function whole(text) {
    return String(text).replace(/[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]/g, function (c) {
      return c.length === 2 ? c : '\ufffd';
    });
  }
  function digest(bytes) {
    var h = [1779033703, -1150833019, 1013904242, -1521486534, 1359893119, -1694144372, 528734635,
      1541459225];
    var w = new Array(64);
    var length = bytes.length;
    var end = ((length + 8) >> 6) + 1;
    for (var block = 0; block < end; block++) {
      var i, a, b;
      for (i = 0; i < 16; i++) {
        var at = block * 64 + i * 4;
        var word = 0;
        for (var j = 0; j < 4; j++) {
          var p = at + j;
          word = (word << 8) | (p < length ? bytes.charCodeAt(p) & 255 : p === length ? 128 : 0);
        }
        w[i] = word;
      }
      if (block === end - 1) {
        w[14] = Math.floor(length / 536870912);
        w[15] = (length << 3) | 0;
      }
      for (i = 16; i < 64; i++) {
        a = w[i - 15];
        b = w[i - 2];
        w[i] = (w[i - 16] + w[i - 7] + ((a >>> 7 | a << 25) ^ (a >>> 18 | a << 14) ^ (a >>> 3)) +
          ((b >>> 17 | b << 15) ^ (b >>> 19 | b << 13) ^ (b >>> 10))) | 0;
      }
      var s = h.slice();
      for (i = 0; i < 64; i++) {
        a = s[4];
        b = s[0];
        var one = (s[7] + ((a >>> 6 | a << 26) ^ (a >>> 11 | a << 21) ^ (a >>> 25 | a << 7)) +
          ((a & s[5]) ^ (~a & s[6])) + K[i] + w[i]) | 0;
        var two = (((b >>> 2 | b << 30) ^ (b >>> 13 | b << 19) ^ (b >>> 22 | b << 10)) +
          ((b & s[1]) ^ (b & s[2]) ^ (s[1] & s[2]))) | 0;
        s = [(one + two) | 0, s[0], s[1], s[2], (s[3] + one) | 0, s[4], s[5], s[6]];
      }
      for (i = 0; i < 8; i++) h[i] = (h[i] + s[i]) | 0;
    }
    var out = '';
    for (var k = 0; k < 32; k++) out += String.fromCharCode((h[k >> 2] >>> (24 - 8 * (k & 3))) & 255);
    return out;
  }
  function hex(bytes) {
    var out = '';
    for (var i = 0; i < bytes.length; i++) {
      var c = bytes.charCodeAt(i) & 255;
      out += (c < 16 ? '0' : '') + c.toString(16);
    }
    return out;
  }
  function sha256(text) {
    return hex(digest(utf8(text)));
  }
  function hmac(key, text) {
    var k = utf8(key);
    var inner = '';
    var outer = '';
    if (k.length > 64) k = digest(k);
    for (var i = 0; i < 64; i++) {
      var c = i < k.length ? k.charCodeAt(i) : 0;
      inner += String.fromCharCode(c ^ 0x36);
      outer += String.fromCharCode(c ^ 0x5c);
    }
    return hex(digest(outer + digest(inner + utf8(text))));
  }

  /* ---- names ---- */
  /* A number as typed: full-width to ASCII, no blanks, capitals. */
  function fold(number) {
    return String(number).replace(/[\uff01-\uff5e]/g, function (c) {
      return String.fromCharCode(c.charCodeAt(0) - 0xfee0);
    }).replace(/[\s\u3000]+/g, '').replace(/[a-z]/g, function (c) {
      return c.toUpperCase();
    });
  }
  function pseudonym(key, number) {
    return 'p-' + hmac(key, fold(number)).slice(0, 32);
  }
  function shape(digits, version) {
    var variant = '89ab'.charAt(parseInt(digits.charAt(16), 16) & 3);
    return digits.slice(0, 8) + '-' + digits.slice(8, 12) + '-' + version + digits.slice(13, 16) +
      '-' + variant + digits.slice(17, 20) + '-' + digits.slice(20, 32);
  }
  /* 32 hex digits by chance; chance gives numbers in [0, 1). */
  function fresh(chance) {
    var out = '';
    var bytes = null;
    if (!chance && window.crypto && window.crypto.getRandomValues) {
      bytes = new Uint8Array(16);
      window.crypto.getRandomValues(bytes);
    }
    for (var i = 0; i < 16; i++) {
      var c = bytes ? bytes[i] : Math.floor((chance || Math.random)() * 256);
      out += (c < 16 ? '0' : '') + c.toString(16);
    }
    return out;
  }
  function uuid(chance) {
    return shape(fresh(chance), '4');
  }

  /* ---- one statement ---- */
  function identify(line) {
    return shape(sha256(line.slice(0, 7) + NOBODY + line.slice(43)), '5');
  }
  function round(n, digits) {
    var f = Math.pow(10, digits);
    return Math.round(n * f) / f;
  }
  function duration(ms) {
    return 'PT' + round(Math.max(0, ms) / 1000, 1) + 'S';
  }
  function set(map, key, value) {
    if (value !== undefined && value !== null && value !== '') map[key] = value;
  }
  function words(text, language) {
    var map = {};
    map[language || 'zh-CN'] = whole(text);
    return map;
  }
  /* A chain goes on where {seq, prev} say, or begins. site: {id, language, generator}. */
  function open(options) {
    return {
      site: options.site,
      chain: options.chain || fresh(options.chance),
      seq: options.seq || 0,
      prev: options.prev || ZERO,
      station: options.station || '',
      bundle: options.bundle || '',
      key: options.key ? sha256(options.key).slice(0, 8) : ''
    };
  }
  function activity(chain, draft) {
    var page = draft.page;
    var about = {
      objectType: 'Activity',
      id: chain.site.id + page.url,
      definition: { type: ADL + 'activities/' + (ACTIVITY[page.kind] || 'lesson') }
    };
    var q = draft.question;
    if (q) {
      about.id += '#' + encodeURIComponent(q.id);
      about.definition.type = ADL + 'activities/cmi.interaction';
      about.definition.interactionType = INTERACTION[q.type] || 'other';
    } else {
      about.definition.name = words(page.title, chain.site.language);
    }
    return about;
  }
  /* Puts a draft on the chain: {verb, who, page, time (ms), registration, result, question, seed}.
   * page: {id, url, title, kind, commit, content, questions, hours}. Gives the line, without its
   * line feed. */
  function add(chain, draft) {
    var page = draft.page;
    var own = { format: FORMAT, chain: chain.chain, seq: chain.seq + 1, prev: chain.prev, page: page.id };
    set(own, 'commit', page.commit);
    set(own, 'content', page.content);
    set(own, 'questions', page.questions);
    set(own, 'hours', page.hours ? Number(page.hours) : null);
    set(own, 'seed', draft.seed);
    set(own, 'question', draft.question && draft.question.id);
    set(own, 'bundle', chain.bundle);
    set(own, 'station', chain.station);
    set(own, 'key', chain.key);
    var context = { registration: draft.registration };
    set(context, 'platform', chain.site.generator);
    context.language = chain.site.language || 'zh-CN';
    if (draft.question) {
      context.contextActivities = { parent: [{ objectType: 'Activity', id: chain.site.id + page.url }] };
    }
    context.extensions = {};
    context.extensions[EXTENSION] = own;
    var display = words(VERBS[draft.verb], 'zh-CN');
    display.en = draft.verb;
    var statement = {
      id: NOBODY,
      actor: { objectType: 'Agent', account: { homePage: chain.site.id, name: draft.who } },
      verb: { id: ADL + 'verbs/' + draft.verb, display: display },
      object: activity(chain, draft)
    };
    if (draft.result) statement.result = draft.result;
    statement.context = context;
    statement.timestamp = new Date(draft.time).toISOString();
    statement.version = '1.0.3';
    /* Line separators are legal in JSON and lines to some readers. */
    var line = JSON.stringify(statement).replace(/[\u2028\u2029]/g, function (c) {
      return c === '\u2028' ? '\\u2028' : '\\u2029';
    });
    line = line.slice(0, 7) + identify(line) + line.slice(43);
    chain.seq++;
    chain.prev = sha256(line);
    return line;
  }

  /* ---- from the player's attempt to drafts ---- */
  function score(points, total) {
    if (!total) return { raw: round(points, 2) };
    return { scaled: round(Math.max(0, points) / total, 4), raw: round(points, 2), min: Math.min(0, round(points, 2)), max: round(total, 2) };
  }
  function response(answer) {
    var given = answer.given;
    if (given === undefined || given === null) return '';
    if (Object.prototype.toString.call(given) === '[object Array]') {
      return given.map(function (g) {
        return Object.prototype.toString.call(g) === '[object Array]' ? g.join('[.]') : String(g);
      }).join('[,]');
    }
    if (typeof given === 'object') {
      return Object.keys(given).map(function (k) {
        return k + '[.]' + given[k];
      }).join('[,]');
    }
    return String(given);
  }
  /* What a player hands to record(attempt), as drafts in order: each answer, completed, and, when it was
   * no practice, passed or failed. about: {who, page, time, registration}; time is the end of the attempt. */
  function drafts(attempt, about) {
    var out = [];
    function put(verb, more) {
      var draft = { verb: verb, who: about.who, page: about.page, time: about.time,
        registration: about.registration, seed: attempt.seed };
      for (var key in more) draft[key] = more[key];
      out.push(draft);
    }
    (attempt.answers || []).forEach(function (a) {
      var full = typeof a.max === 'number' ? a.max : typeof a.of === 'number' ? a.of : null;
      var result = { completion: true };
      var text = response(a);
      if (typeof a.right === 'boolean') result.success = a.right;
      else if (full !== null) result.success = a.points >= full;
      if (typeof a.points === 'number') result.score = score(a.points, full);
      if (text) result.response = whole(text).slice(0, 2000);
      put('answered', { question: { id: a.id, type: a.type }, result: result });
    });
    var total = { score: score(attempt.score, attempt.total), duration: duration(attempt.duration_ms) };
    put('completed', { result: { score: total.score, completion: true, duration: total.duration } });
    if (attempt.mode === 'practice') return out; /* answers shown at once prove nothing */
    put(attempt.passed ? 'passed' : 'failed', { result: { score: total.score,
      success: !!attempt.passed, completion: true, duration: total.duration } });
    return out;
  }

  /* ---- judging lines ---- */
  /* Reads a file's text: {count, problems: [{line, code}], heads: {CHAIN: {seq, hash}}}. Codes: cut
   * (no line feed at the end), json, format, id (a byte was changed), twice (a seq with another
   * content), order (it belongs further up), gap (lines are missing before this one), prev (the line
   * before is another one). A chain may begin at any seq: a file can be a part. */
  function verify(text) {
    var problems = [];
    var heads = {};
    var count = 0;
    var lines = String(text).replace(/^\ufeff/, '').replace(/\r\n/g, '\n').split('\n');
    if (lines[lines.length - 1] === '') lines.pop();
    else if (lines.length) problems.push({ line: lines.length, code: 'cut' });
    lines.forEach(function (line, i) {
      var statement = null;
      function say(code) {
        problems.push({ line: i + 1, code: code });
      }
      try {
        statement = JSON.parse(line);
      } catch (e) {
        if (i + 1 < lines.length || !problems.length) say('json');
        return;
      }
      var own = statement && statement.context && statement.context.extensions &&
        statement.context.extensions[EXTENSION];
      if (!own || own.format !== FORMAT || line.slice(0, 7) !== '{"id":"') {
        say('format');
        return;
      }
      if (identify(line) !== statement.id || line.slice(7, 43) !== statement.id) {
        say('id');
        return;
      }
      var hash = sha256(line);
      var head = heads[own.chain];
      if (head && own.seq <= head.seq) {
        if (!head.known[own.seq]) say('order');
        else if (head.known[own.seq] !== hash) say('twice');
        return; /* the same line once more is no fault */
      }
      if (head && own.seq > head.seq + 1) say('gap');
      else if (head && own.prev !== head.hash) say('prev');
      else if (own.seq === 1 && own.prev !== ZERO) say('prev');
      count++;
      var known = head ? head.known : {};
      known[own.seq] = hash;
      heads[own.chain] = { seq: own.seq, hash: hash, known: known };
    });
    for (var chain in heads) delete heads[chain].known;
    return { count: count, problems: problems, heads: heads };
  }

  anjian.records = {
    format: FORMAT, extension: EXTENSION, verbs: VERBS,
    sha256: sha256, hmac: hmac, fold: fold, pseudonym: pseudonym, uuid: uuid, duration: duration,
    open: open, add: add, drafts: drafts, verify: verify
  };
})();
