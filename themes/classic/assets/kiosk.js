/* kiosk - a visit: attract, who, what is due, learn, result, away.
 *
 * ES5, classic, from file://, storage or none. Pages are shown in a frame that is made afresh for
 * each (so there is no history to go back through); kiosk-page.js in there speaks by messages.
 * Nothing of a person is in the page but his number while he stands here: wipe() takes it away.
 * Must not know: how statements are chained (record.js) or kept (kiosk-store.js), how a quiz is
 * played. */
(function () {
  'use strict';
  var doc = document;
  var root = doc.documentElement;
  var top = doc.getElementById('kiosk');
  if (!top || !window.anjian || !anjian.records) return;
  var records = anjian.records;
  var WARN = 20; /* seconds between the warning and the wipe */
  var options = parseOptions();
  var site = { id: top.getAttribute('data-site'), language: top.getAttribute('data-language'),
    generator: top.getAttribute('data-generator') };
  var store = anjian.store(site.id);
  var secret = options.key || site.id;
  var idleLimit = Number(options.idle || top.getAttribute('data-idle')) || 90;
  var chain = openChain();
  var views = ['attract', 'who', 'home', 'stage', 'result', 'trainer'];
  var view = 'attract';
  var who = null; /* {number, name}; name is the pseudonym, '' for a guest */
  var now = null; /* the page in the frame */
  var frame = null;
  var visit = []; /* lines of this person */
  var last = null; /* the attempt that the result shows */
  var touched = new Date().getTime();
  var warned = 0;
  var typed = '';
  var exported = 0;
  var contrast = false;
  var large = false;

  function parseOptions() {
    var out = {};
    (location.search.slice(1) + '&' + location.hash.slice(1)).split('&').forEach(function (part) {
      var at = part.indexOf('=');
      try {
        if (at > 0) out[part.slice(0, at)] = decodeURIComponent(part.slice(at + 1));
      } catch (e) {
        /* a slip in a launch file: the option is left out */
      }
    });
    return out;
  }
  function openChain() {
    var head = store.chain(records.sha256) || {};
    return records.open({ site: site, key: secret, station: options.station,
      bundle: anjian.edition && anjian.edition.bundle, chain: head.chain, seq: head.seq, prev: head.prev });
  }
  function $(id) {
    return doc.getElementById('k-' + id);
  }
  function word(name) {
    return top.getAttribute('data-t-' + name) || '';
  }
  function each(list, fn) {
    for (var i = 0; i < list.length; i++) fn(list[i], i);
  }
  function all(selector, inside) {
    return (inside || doc).querySelectorAll(selector);
  }
  function on(el, type, fn) {
    if (el) el.addEventListener(type, fn, false);
  }
  function make(name, className, text) {
    var el = doc.createElement(name);
    if (className) el.className = className;
    if (text !== undefined) el.textContent = text;
    return el;
  }
  function time() {
    return new Date().getTime();
  }
  function setClass(el, name, is) {
    var kept = el.className.split(/\s+/).filter(function (n) {
      return n && n !== name;
    });
    if (is) kept.push(name);
    el.className = kept.join(' ');
  }
  function say(text) {
    $('status').textContent = text;
  }

  /* ---- views ---- */
  function show(name, focus) {
    view = name;
    each(views, function (v) {
      $(v).hidden = v !== name;
    });
    doc.querySelector('.k-top').hidden = name === 'attract' || name === 'trainer';
    $('home-button').hidden = name === 'who' || name === 'home';
    setClass(doc.body, 'k-fixed', name === 'stage');
    window.scrollTo(0, 0);
    if (focus) focus.focus();
    else $('main').focus();
    touched = time();
  }
  function look() {
    setClass(root, 'k-high', contrast);
    setClass(root, 'k-big-text', large);
    $('contrast').setAttribute('aria-pressed', String(contrast));
    $('large').setAttribute('aria-pressed', String(large));
    tell({ order: 'look', contrast: contrast, large: large });
  }

  /* ---- who ---- */
  function keypad(box, press) {
    ['1', '2', '3', '4', '5', '6', '7', '8', '9', '\u232b', '0'].forEach(function (key) {
      var b = make('button', 'k-key', key);
      b.type = 'button';
      if (key === '\u232b') b.setAttribute('aria-label', '\u9000\u683c');
      on(b, 'click', function () {
        press(key === '\u232b' ? 'Backspace' : key);
      });
      box.appendChild(b);
    });
  }
  function press(key) {
    if (key === 'Backspace') typed = typed.slice(0, -1);
    else if (/^[0-9A-Za-z-]$/.test(key) && typed.length < 12) typed += key.toUpperCase();
    else return;
    $('typed').textContent = view === 'who' ? typed : '';
    $('pin-typed').textContent = view === 'trainer' ? typed.replace(/./g, '\u25cf') : '';
    $('number-ok').disabled = !typed;
  }
  function clearTyped() {
    typed = '';
    $('typed').textContent = '';
    $('pin-typed').textContent = '';
    $('number-ok').disabled = true;
  }
  function askWho() {
    var teams = all('.k-team');
    clearTyped();
    $('pad').hidden = teams.length > 0;
    $('pad-show').hidden = !teams.length;
    $('teams').hidden = !teams.length;
    each(teams, function (team) {
      setClass(team, 'k-open', teams.length === 1);
    });
    show('who', teams.length ? null : doc.querySelector('#k-keys button'));
  }
  function setUpTeams() {
    var teams = all('.k-team');
    each(teams, function (team) {
      var name = make('button', 'k-tile k-team-name', team.getAttribute('data-name'));
      name.type = 'button';
      on(name, 'click', function () {
        each(teams, function (t) {
          setClass(t, 'k-open', t === team);
        });
        all('[data-number]', team)[0].focus();
      });
      team.insertBefore(name, team.firstChild);
      each(all('[data-number]', team), function (tile) {
        on(tile, 'click', function () {
          begin(tile.getAttribute('data-number'));
        });
      });
    });
  }
  function begin(number) {
    who = { number: records.fold(number), name: number ? records.pseudonym(secret, number) : '' };
    visit = [];
    clearTyped();
    $('who-now').textContent = number ? word('number') + ' ' + who.number : word('guest');
    goHome();
  }

  /* ---- what is due ---- */
  function doneMap() {
    var all = store.get('done') || {};
    return (who && who.name && all[who.name]) || {};
  }
  function markDone(page) {
    if (!who.name || !page.id) return;
    var everybody = store.get('done') || {};
    var own = everybody[who.name] = everybody[who.name] || {};
    own[page.id] = { content: page.content, at: time() };
    store.set('done', everybody);
  }
  function stateOf(el, done) {
    var known = done[el.getAttribute('data-source')];
    if (!known) return 'todo';
    return known.content === el.getAttribute('data-content') ? 'done' : 'again';
  }
  function goHome() {
    closePage();
    var done = doneMap();
    var cards = [];
    each(all('.k-card'), function (card) {
      var steps = all('.k-step', card);
      var count = 0;
      var first = null;
      var changed = false;
      each(steps, function (step) {
        var state = who.name ? stateOf(step, done) : 'todo';
        if (state === 'done') count++;
        else if (!first) first = step;
        if (state === 'again') changed = true;
        step.setAttribute('data-state', state);
        step.querySelector('.k-step-state').textContent = state === 'todo' ? '' : word(state);
      });
      var whole = count === steps.length;
      card.setAttribute('data-state', whole ? 'done' : changed ? 'again' : 'todo');
      card.querySelector('.k-card-state').textContent = whole ? word('done')
        : (changed ? word('again') : word('todo')) + ' ' + count + ' / ' + steps.length;
      var bar = card.querySelector('.k-bar span');
      if (bar) bar.style.width = 100 * count / (steps.length || 1) + '%';
      var go = card.querySelector('.k-card-go');
      if (!go.getAttribute('data-label')) go.setAttribute('data-label', go.textContent);
      go.textContent = count && !whole ? word('resume') : go.getAttribute('data-label');
      go.onclick = function () {
        openStep(first || steps[0]);
      };
      drawNext(card, whole ? null : first);
      if (steps.length > 1) unfold(card, false);
      cards.push({ card: card, order: whole ? 1 : 0 });
    });
    cards.sort(function (a, b) {
      return a.order - b.order;
    });
    each(cards, function (c) {
      $('cards').appendChild(c.card);
    });
    var open = who.name && store.get('open:' + who.name);
    $('unfinished').hidden = !open;
    $('unfinished-title').textContent = open ? open.title : '';
    show('home', all('.k-card-go')[0] || null);
  }
  /* The next step stands on the card with its picture; the whole list folds away. */
  function drawNext(card, step) {
    var box = card.querySelector('.k-next-step');
    if (!box) return;
    box.textContent = '';
    box.hidden = !step;
    var picture = step && step.querySelector('img, .k-number');
    if (!step) return;
    if (picture) box.appendChild(picture.cloneNode(true));
    box.appendChild(step.querySelector('.k-step-text').cloneNode(true));
  }
  function unfold(card, open) {
    card.querySelector('.k-steps').hidden = !open;
    var b = card.querySelector('.k-all');
    if (b) b.setAttribute('aria-expanded', String(open));
  }
  function openStep(step) {
    var list = all('.k-step', step.parentNode.parentNode);
    openPage(step.getAttribute('data-url'), { steps: list, step: step });
  }

  /* ---- the page in the frame ---- */
  function newSeed() {
    return parseInt(records.uuid().slice(0, 8), 16);
  }
  function openPage(address, more) {
    closePage();
    var given = more || {};
    now = { url: address, page: null, steps: given.steps || [], step: given.step || null,
      seed: given.seed || newSeed(), registration: given.registration || records.uuid(),
      began: time(), spent: given.spent || 0, state: given.state || null, quiz: false, over: false,
      at: 0, screens: 1 };
    frame = make('iframe');
    frame.title = word('reading');
    var hash = /#/.test(address) ? address.slice(address.indexOf('#')) : '';
    frame.src = address.replace(/#.*/, '') + (/\?/.test(address) ? '&' : '?') + 'kiosk=1&seed=' + now.seed +
      (contrast ? '&high=1' : '') + (large ? '&large=1' : '') + hash;
    $('frame').appendChild(frame);
    drawNav();
    show('stage');
    var mine = now;
    frame.onload = function () {
      setTimeout(function () {
        if (now === mine && !now.ready) goHome(); /* a page that does not speak is none of ours */
      }, 4000);
    };
  }
  /* Leaves the page; what was begun and not finished is told. */
  function closePage() {
    if (now && now.page && now.page.id && !now.over) {
      if (now.quiz) keepOpen();
      tellRecord('terminated', { completion: false, duration: records.duration(spent()) });
    }
    now = null;
    if (frame) frame.parentNode.removeChild(frame);
    frame = null;
  }
  function spent() {
    return now.spent + time() - now.began;
  }
  function tell(message) {
    if (!frame || !frame.contentWindow) return;
    message.anjian = 'kiosk';
    frame.contentWindow.postMessage(message, '*');
  }
  function keepOpen() {
    if (!who.name || !now.state || now.over) return;
    store.set('open:' + who.name, { url: now.url, id: now.page.id, content: now.page.content,
      title: now.page.title, seed: now.seed, registration: now.registration, spent: spent(), state: now.state });
  }
  function resume() {
    var open = store.get('open:' + who.name);
    if (!open) return;
    var step = null;
    each(all('.k-step'), function (s) {
      if (s.getAttribute('data-url') === open.url) step = s;
    });
    if (step) {
      open.step = step;
      open.steps = all('.k-step', step.parentNode.parentNode);
      /* Another version asks other questions: begin anew. */
      if (step.getAttribute('data-content') !== open.content) open.state = null;
    }
    store.drop('open:' + who.name);
    openPage(open.url, open);
  }
  function record(draft) {
    if (!who || !who.name || !draft.page || !draft.page.id) return null;
    draft.who = who.name;
    draft.time = time();
    var line = records.add(chain, draft);
    store.append(line, chain);
    visit.push(line);
    return line;
  }
  function tellRecord(verb, result) {
    return record({ verb: verb, page: now.page, registration: now.registration, result: result,
      seed: now.quiz ? now.seed : undefined });
  }
  function drawNav() {
    var end = now.at >= now.screens - 1;
    var after = nextStep();
    $('back').disabled = now.at <= 0;
    $('next').disabled = now.quiz && end;
    $('next').textContent = !end || now.quiz ? word('next') : after ? word('next-page') : word('finish');
    $('where-title').textContent = now.page ? now.page.title : '';
    $('where-at').textContent = now.screens > 1 ? (now.at + 1) + ' / ' + now.screens : '';
  }
  function nextStep() {
    var at = -1;
    each(now.steps, function (s, i) {
      if (s === now.step) at = i;
    });
    return at >= 0 && at + 1 < now.steps.length ? now.steps[at + 1] : null;
  }
  function goNext() {
    if (!now) return;
    if (now.at < now.screens - 1) {
      tell({ order: 'step', by: 1 });
      return;
    }
    if (now.quiz) return;
    if (now.page && now.page.id && !now.over) {
      now.over = true;
      tellRecord('completed', { completion: true, duration: records.duration(spent()) });
      markDone(now.page);
    }
    var after = nextStep();
    if (after) openPage(after.getAttribute('data-url'), { steps: now.steps, step: after });
    else goHome();
  }
  function hear(event) {
    var m = event.data;
    if (!frame || event.source !== frame.contentWindow || !m || m.anjian !== 'kiosk' || !now) return;
    touched = time();
    if (m.what === 'ready') {
      now.ready = true;
      now.page = m.page;
      now.quiz = !!m.quiz;
      if (m.page.title) frame.title = m.page.title;
      if (now.page.id) tellRecord('launched');
      if (now.state) tell({ order: 'restore', state: now.state });
      setClass(frame, 'k-ready', true);
      frame.contentWindow.focus();
    } else if (m.what === 'at') {
      now.at = m.at;
      now.screens = m.screens;
      drawNav();
    } else if (m.what === 'open') {
      openPage(m.url, stepFor(m.url));
    } else if (m.what === 'state') {
      now.state = m.state;
      if (now.quiz && !now.over) keepOpen();
    } else if (m.what === 'next') {
      goNext();
    } else if (m.what === 'attempt' && now.page && !now.over && !m.attempt.partial) {
      if (now.quiz) finish(m.attempt);
      else noteAnswers(m.attempt);
    }
  }
  /* A link to a step of a course goes on in that course. */
  function stepFor(address) {
    var found = null;
    each(all('.k-step'), function (s) {
      if (!found && s.getAttribute('data-url') === address.replace(/[?#].*/, '')) found = s;
    });
    return found && { step: found, steps: all('.k-step', found.parentNode.parentNode) };
  }

  /* Questions on a page to read are part of reading it. */
  function noteAnswers(attempt) {
    attempt.seed = attempt.seed || now.seed;
    each(records.drafts(attempt, { page: now.page, registration: now.registration }), function (d) {
      if (d.verb === 'answered') record(d);
    });
  }

  /* ---- the result ---- */
  function two(n) {
    return (n < 10 ? '0' : '') + n;
  }
  function day(ms) {
    var d = new Date(ms);
    return d.getFullYear() + '-' + two(d.getMonth() + 1) + '-' + two(d.getDate());
  }
  function clock(ms) {
    var d = new Date(ms);
    return day(ms) + ' ' + two(d.getHours()) + ':' + two(d.getMinutes());
  }
  function fact(list, name, value) {
    if (!value) return;
    var row = make('div');
    row.appendChild(make('dt', '', name));
    row.appendChild(make('dd', '', value));
    list.appendChild(row);
  }
  function finish(attempt) {
    var page = now.page;
    var at = time();
    var line = null;
    attempt.seed = attempt.seed || now.seed;
    attempt.duration_ms = (attempt.duration_ms || 0) + now.spent;
    each(records.drafts(attempt, { page: page, registration: now.registration, time: at }), function (d) {
      line = record(d) || line;
    });
    now.over = true;
    if (attempt.passed) markDone(page);
    if (who.name) store.drop('open:' + who.name);
    var percent = Math.floor((attempt.total ? 100 * attempt.score / attempt.total : 0) * 10 + 1e-9) / 10;
    var card = now.step ? now.step.parentNode.parentNode.parentNode : null;
    last = { attempt: attempt, page: page, at: at, percent: percent, line: line,
      id: line ? line.slice(7, 43) : '', step: now.step, steps: now.steps,
      course: card ? card.querySelector('.k-card-title').textContent : '',
      hours: card ? card.getAttribute('data-hours') : '' };
    drawResult();
  }
  function version(page) {
    return (page.version ? word('nth') + ' ' + page.version + ' ' + word('edition') + ' \u00b7 ' : '') +
      (page.commit || page.content || '').slice(0, 7);
  }
  function drawCode(box, text) {
    box.textContent = '';
    var code = anjian.qr && anjian.qr(text, word('code'));
    if (code) box.appendChild(code);
  }
  function drawResult() {
    var passed = last.attempt.passed;
    var verdict = word(passed ? 'passed' : 'failed');
    setClass($('result'), 'k-passed', passed);
    setClass($('result'), 'k-failed', !passed);
    $('verdict').textContent = verdict;
    $('score').textContent = last.percent + '%';
    $('red').hidden = !last.attempt.red_line_missed;
    $('red').textContent = word('red');
    var list = $('facts');
    list.textContent = '';
    fact(list, word('number'), who.number);
    fact(list, word('page'), last.page.title);
    fact(list, word('pass'), last.attempt.pass + '%');
    fact(list, word('version'), version(last.page));
    fact(list, word('hours'), last.hours);
    fact(list, word('at'), clock(last.at));
    var text = [top.getAttribute('data-title'), last.page.title.slice(0, 24), verdict + ' ' + last.percent + '%',
      version(last.page), clock(last.at), who.name, last.id].join('\n');
    $('qr').hidden = !last.id;
    $('code').textContent = last.id ? word('code') + ' ' + last.id : '';
    if (last.id) drawCode($('qr'), text);
    $('again').hidden = passed;
    $('save').hidden = !last.id;
    $('print-certificate').hidden = !(passed && last.id && last.attempt.mode !== 'practice');
    drawCertificate(text);
    show('result', $('verdict'));
    say(verdict + ' ' + last.percent + '%');
  }
  function drawCertificate(text) {
    $('certificate-who').textContent = word('number') + ' ' + who.number;
    $('certificate-course').textContent = last.course || last.page.title;
    var list = $('certificate-facts');
    list.textContent = '';
    fact(list, word('score'), last.percent + '%');
    fact(list, word('hours'), last.hours);
    fact(list, word('version'), version(last.page));
    fact(list, word('code'), last.id);
    $('certificate-day').textContent = day(last.at);
    if (last.id) drawCode($('certificate-qr'), text);
  }
  function printAs(name) {
    setClass(root, 'k-print-' + name, true);
    window.print();
    setClass(root, 'k-print-' + name, false);
  }
  function download(lines, name) {
    var text = lines.join('\n') + '\n';
    var blob = new Blob([text], { type: 'application/json' });
    if (navigator.msSaveBlob) {
      navigator.msSaveBlob(blob, name);
      return;
    }
    var a = make('a');
    a.href = URL.createObjectURL(blob);
    a.download = name;
    doc.body.appendChild(a);
    a.click();
    doc.body.removeChild(a);
    setTimeout(function () {
      URL.revokeObjectURL(a.href);
    }, 60000);
  }
  function fileName(seq) {
    return 'anjian-' + (options.station ? options.station.replace(/[^0-9A-Za-z\u4e00-\u9fff-]/g, '') + '-' : '') +
      day(time()) + '-' + chain.chain.slice(0, 6) + '-' + seq + '.jsonl';
  }

  /* ---- away ---- */
  function leave(ask) {
    if (ask && now && now.quiz && !now.over) {
      veil('sure', $('sure-no'));
      return;
    }
    wipe();
  }
  function wipe() {
    unveil();
    closePage();
    who = null;
    visit = [];
    last = null;
    clearTyped();
    each(['who-now', 'unfinished-title', 'verdict', 'score', 'facts', 'qr', 'code', 'certificate-who',
      'certificate-course', 'certificate-facts', 'certificate-qr', 'certificate-day', 'where-title',
      'where-at', 'status'], function (id) {
      $(id).textContent = '';
    });
    each(all('.k-step'), function (s) {
      s.removeAttribute('data-state');
      s.querySelector('.k-step-state').textContent = '';
    });
    each(all('.k-card-state'), function (s) {
      s.textContent = '';
    });
    contrast = large = false;
    look();
    show('attract', $('start'));
  }
  var behind = null;
  function veil(name, focus) {
    behind = doc.activeElement;
    $(name).hidden = false;
    $('main').setAttribute('aria-hidden', 'true');
    if (frame) frame.tabIndex = -1;
    focus.focus();
  }
  function unveil() {
    if ($('idle').hidden && $('sure').hidden) return;
    $('idle').hidden = $('sure').hidden = true;
    $('main').removeAttribute('aria-hidden');
    warned = 0;
    if (frame) frame.removeAttribute('tabindex');
    if (behind && behind.focus) behind.focus();
    touched = time();
  }
  function tick() {
    if (view === 'attract') return;
    if (warned) {
      var rest = WARN - Math.floor((time() - warned) / 1000);
      $('count').textContent = String(Math.max(0, rest));
      if (rest <= 0) wipe();
      return;
    }
    var limit = idleLimit * (now && now.quiz ? 2 : 1);
    if (time() - touched < limit * 1000) return;
    $('sure').hidden = true;
    warned = time();
    $('count').textContent = String(WARN);
    veil('idle', $('stay'));
  }

  /* ---- the trainer ---- */
  function drawDesk() {
    var lines = store.lines();
    var found = records.verify(lines.length ? lines.join('\n') + '\n' : '');
    var list = $('desk-facts');
    list.textContent = '';
    fact(list, word('count'), String(lines.length));
    fact(list, word('chain'), chain.chain + ' / ' + chain.seq);
    fact(list, word('station'), options.station);
    fact(list, word('site-version'), anjian.edition && (anjian.edition.bundle || anjian.edition.commit.slice(0, 7)));
    $('desk-state').textContent = found.problems.length ? word('broken')
      : store.full ? word('full') : store.works ? word('stored') : word('unstored');
    $('export').disabled = !lines.length;
    $('clear').disabled = !exported;
    $('pin').hidden = true;
    $('desk').hidden = false;
    $('export').focus();
  }
  function tryPin() {
    var right = typed === top.getAttribute('data-pin').toUpperCase();
    clearTyped();
    if (right) drawDesk();
    else $('pin-typed').textContent = word('wrong-pin');
  }
  function leaveDesk() {
    $('pin').hidden = false;
    $('desk').hidden = true;
    exported = 0;
    wipe();
  }

  /* ---- wires ---- */
  function slides() {
    var list = all('.k-slide');
    var at = 0;
    if (!list.length) return;
    setClass(list[0], 'k-shown', true);
    if (window.matchMedia && matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    setInterval(function () {
      if (view !== 'attract') return;
      setClass(list[at], 'k-shown', false);
      at = (at + 1) % list.length;
      setClass(list[at], 'k-shown', true);
    }, 6000);
  }
  keypad($('keys'), press);
  keypad($('pin-keys'), press);
  setUpTeams();
  on($('start'), 'click', askWho);
  on($('number-ok'), 'click', function () {
    if (typed) begin(typed);
  });
  on($('pad-show'), 'click', function () {
    $('pad').hidden = false;
    $('pad-show').hidden = true;
    $('teams').hidden = true;
    doc.querySelector('#k-keys button').focus();
  });
  on($('guest'), 'click', function () {
    begin('');
  });
  on($('resume'), 'click', resume);
  on($('home-button'), 'click', goHome);
  on($('leave'), 'click', function () {
    leave(true);
  });
  on($('back'), 'click', function () {
    tell({ order: 'step', by: -1 });
  });
  on($('next'), 'click', goNext);
  on($('contrast'), 'click', function () {
    contrast = !contrast;
    look();
  });
  on($('large'), 'click', function () {
    large = !large;
    look();
  });
  each(all('.k-step'), function (step) {
    on(step, 'click', function () {
      openStep(step);
    });
  });
  each(all('.k-all'), function (b) {
    on(b, 'click', function () {
      unfold(b.parentNode.parentNode, b.getAttribute('aria-expanded') !== 'true');
    });
  });
  each(all('[data-open]'), function (b) {
    on(b, 'click', function () {
      openPage(b.getAttribute('data-open'), stepFor(b.getAttribute('data-open')));
    });
  });
  on($('again'), 'click', function () {
    openPage(last.page.url, { step: last.step, steps: last.steps });
  });
  on($('print-slip'), 'click', function () {
    printAs('slip');
  });
  on($('print-certificate'), 'click', function () {
    printAs('certificate');
  });
  on($('save'), 'click', function () {
    download(visit, fileName(chain.seq));
  });
  on($('result-home'), 'click', goHome);
  on($('result-leave'), 'click', wipe);
  on($('stay'), 'click', unveil);
  on($('sure-no'), 'click', unveil);
  on($('sure-yes'), 'click', wipe);
  $('door').hidden = !top.getAttribute('data-pin');
  on($('door'), 'click', function () {
    clearTyped();
    show('trainer', doc.querySelector('#k-pin-keys button'));
  });
  on($('pin-ok'), 'click', tryPin);
  on($('export'), 'click', function () {
    download(store.lines(), fileName(chain.seq));
    exported = chain.seq;
    $('clear').disabled = false;
  });
  on($('clear'), 'click', function () {
    store.clear(exported);
    exported = 0;
    drawDesk();
  });
  on($('trainer-leave'), 'click', leaveDesk);
  on(doc, 'keydown', function (event) {
    touched = time();
    var code = event.keyCode;
    var veiled = !$('idle').hidden ? $('idle') : !$('sure').hidden ? $('sure') : null;
    if (veiled && code === 9) {
      var buttons = all('button', veiled);
      var edge = event.shiftKey ? buttons[0] : buttons[buttons.length - 1];
      if (doc.activeElement === edge) {
        event.preventDefault();
        buttons[event.shiftKey ? buttons.length - 1 : 0].focus();
      }
      return;
    }
    var typing = (view === 'who' && !$('pad').hidden) || (view === 'trainer' && !$('pin').hidden);
    if (!typing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (code === 8) {
      event.preventDefault();
      press('Backspace');
    } else if (event.key && event.key.length === 1 && event.key !== ' ') {
      press(event.key);
    } else if (code === 13 && event.target.nodeName !== 'BUTTON') {
      if (view === 'who' && typed) begin(typed);
      else if (view === 'trainer') tryPin();
    }
  });
  ['mousedown', 'mousemove', 'touchstart', 'wheel', 'scroll'].forEach(function (type) {
    doc.addEventListener(type, function () {
      touched = time();
    }, true);
  });
  ['contextmenu', 'dragstart', 'drop'].forEach(function (type) {
    on(doc, type, function (event) {
      event.preventDefault();
    });
  });
  window.addEventListener('message', hear, false);
  setInterval(tick, 500);
  slides();
  setClass(root, 'k-live', true);
  show('attract', $('start'));
})();
