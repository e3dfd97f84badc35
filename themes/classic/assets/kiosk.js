/* kiosk - a visit: attract, who, what is due, learn, result, away.
 *
 * ES5, classic, from file://, storage or none. Pages are shown in a frame that is made afresh for
 * each (so there is no history to go back through); kiosk-page.js in there speaks by messages.
 * Nothing of a person is in the page but his number while he stands here: wipe() takes it away.
 * Must not know: how statements are chained (record.js) or kept (kiosk-store.js), which card
 * says what (kiosk-due.js), how digits are typed (kiosk-keys.js), what leaves on
 * paper and in files (kiosk-paper.js), how a quiz is played. */
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
  anjian.place();
  var steps = anjian.steps();
  var due = anjian.due({ store: store, steps: steps, word: word, make: make, box: $('cards'), hash: records.sha256 });
  var views = ['attract', 'who', 'home', 'stage', 'result', 'trainer'];
  var view = 'attract';
  var who = null; /* {number, name}; name is the pseudonym, '' for a guest */
  var now = null; /* the page in the frame */
  var frame = null;
  var visit = []; /* lines of this person */
  var last = null; /* the attempt that the result shows */
  var touched = new Date().getTime();
  var warned = 0;
  var numbers = anjian.keys({ box: $('keys'), shown: $('typed'), ok: $('number-ok'), word: word, make: make, done: begin });
  var pin = anjian.keys({ box: $('pin-keys'), shown: $('pin-typed'), ok: $('pin-ok'), mask: true, word: word, make: make,
    done: tryPin });
  var paper = anjian.paper({ top: top, $: $, word: word, make: make, setClass: setClass,
    records: records, store: store, chain: chain, station: options.station });
  var looks = {}; /* contrast, large: as this person likes it */

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
  function onPress(id, fn) {
    on($(id), 'click', fn);
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

  /* ---- views ---- */
  function show(name, focus) {
    view = name;
    each(views, function (v) {
      $(v).hidden = v !== name;
    });
    doc.querySelector('.k-top').hidden = name === 'attract' || name === 'trainer';
    $('home-button').hidden = name === 'who';
    if (name === 'home') $('home-button').setAttribute('aria-current', 'page');
    else $('home-button').removeAttribute('aria-current');
    $('leave').textContent = word(name === 'who' ? 'back-start' : 'leave');
    setClass(doc.body, 'k-fixed', name === 'stage');
    window.scrollTo(0, 0);
    if (focus) focus.focus();
    else $('main').focus();
    touched = time();
  }
  function look() {
    setClass(root, 'k-high', looks.contrast);
    setClass(root, 'k-big-text', looks.large);
    $('contrast').setAttribute('aria-pressed', String(!!looks.contrast));
    $('large').setAttribute('aria-pressed', String(!!looks.large));
    tell({ order: 'look', contrast: looks.contrast, large: looks.large });
  }

  /* ---- who ---- */
  function askWho() {
    var teams = all('.k-team');
    numbers.clear();
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
    $('who-now').textContent = number ? word('number') + ' ' + who.number : word('guest');
    goHome();
  }

  /* ---- what is due ---- */
  function goHome() {
    var mine = who;
    closePage();
    due.draw(who.name, openStep, openChanges, function () {
      if (who !== mine) return;
      var open = who.name && store.get('open:' + who.name);
      $('unfinished').hidden = !open;
      $('unfinished-title').textContent = open ? open.title : '';
      show('home', open ? $('resume') : all('.k-card-go')[0] || null);
    });
  }
  function openStep(step) {
    openPage(step.url, { step: step });
  }
  /* What changed since this person passed, page by page; then the step itself. */
  function openChanges(step, pages) {
    openPage(pages[0], { ahead: pages.slice(1), then: step });
  }

  /* ---- the page in the frame ---- */
  function newSeed() {
    return parseInt(records.uuid().slice(0, 8), 16);
  }
  function openPage(address, more) {
    closePage();
    var given = more || {};
    now = { url: address, page: null, step: given.step || null,
      seed: given.seed || newSeed(), registration: given.registration || records.uuid(),
      began: time(), spent: given.spent || 0, ahead: given.ahead || [], then: given.then || null, state: given.state || null, quiz: false, over: false,
      at: 0, screens: 1 };
    frame = make('iframe');
    frame.title = word('reading');
    var hash = /#/.test(address) ? address.slice(address.indexOf('#')) : '';
    frame.src = address.replace(/#.*/, '') + (/\?/.test(address) ? '&' : '?') + 'kiosk=1&seed=' + now.seed +
      (looks.contrast ? '&high=1' : '') + (looks.large ? '&large=1' : '') + hash;
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
    var mine = who;
    var open = store.get('open:' + who.name);
    if (!open) return;
    stepOf(open.id, function (step) {
      if (who !== mine) return;
      open.step = step;
      /* Another version asks other questions: begin anew. */
      if (step && open.content.indexOf(step.mark.content)) open.state = null;
      store.drop('open:' + who.name);
      openPage(open.url, open);
    });
  }
  /* The step of a course that a page is, if any. */
  function stepOf(page, then) {
    steps.find(due.nameMark(page), then);
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
    $('back').textContent = word(now.quiz ? 'previous-question' : 'back');
    setClass($('next'), 'k-second', now.quiz && !now.review);
    $('next').disabled = now.quiz && end && !now.review;
    $('next').textContent = end && now.review ? word('result') : now.quiz ? word('next-question') : !end || now.ahead.length ? word('next')
      : now.then ? word('relearn')
      : after ? word('next-page') : now.page && !now.page.id ? word('home') : word('finish');
    $('where-title').textContent = now.page ? now.page.title : '';
    $('where-at').textContent = now.screens > 1 ? (now.at + 1) + ' / ' + now.screens : '';
  }
  function nextStep() {
    return now.step && now.step.card.steps[now.step.at + 1] || null;
  }
  function goNext() {
    if (!now) return;
    if (now.at < now.screens - 1) {
      tell({ order: 'step', by: 1 });
      return;
    }
    if (now.review) show('result', $('verdict'));
    if (now.quiz) return;
    if (now.page && now.page.id && !now.over) {
      now.over = true;
      tellRecord('completed', { completion: true, duration: records.duration(spent()) });
      due.mark(who.name, now.page, now.step);
    }
    var after = nextStep();
    if (now.ahead.length) openChanges(now.then, now.ahead);
    else if (now.then) openStep(now.then);
    else if (after) openStep(after);
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
      if (now.page.id && !now.step) goOnIn(now);
      if (now.state) tell({ order: 'restore', state: now.state });
      setClass(frame, 'k-ready', true);
      frame.contentWindow.focus();
    } else if (m.what === 'at') {
      now.at = m.at;
      now.screens = m.screens;
      drawNav();
    } else if (m.what === 'open') {
      openPage(m.url);
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
  /* A page that a link led to goes on in the course whose step it is. */
  function goOnIn(mine) {
    stepOf(mine.page.id, function (step) {
      if (now !== mine) return;
      now.step = step;
      drawNav();
    });
  }

  /* Questions on a page to read are part of reading it. */
  function noteAnswers(attempt) {
    attempt.seed = attempt.seed || now.seed;
    each(records.drafts(attempt, { page: now.page, registration: now.registration }), function (d) {
      if (d.verb === 'answered') record(d);
    });
  }

  /* ---- the result ---- */
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
    if (attempt.passed) due.mark(who.name, page, now.step);
    if (who.name) store.drop('open:' + who.name);
    var percent = Math.floor((attempt.total ? 100 * attempt.score / attempt.total : 0) * 10 + 1e-9) / 10;
    var card = now.step && now.step.card;
    last = { attempt: attempt, page: page, at: at, percent: percent, id: line ? line.slice(7, 43) : '',
      who: who, step: now.step, course: card ? card.title : '', hours: card ? card.hours : '' };
    $('status').textContent = paper.draw(last);
    show('result', $('verdict'));
  }

  /* ---- away ---- */
  function leave() {
    if (now && now.quiz && !now.over) {
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
    numbers.clear();
    pin.clear();
    each(['who-now', 'unfinished-title', 'verdict', 'score', 'facts', 'qr', 'code', 'certificate-who',
      'certificate-course', 'certificate-facts', 'certificate-qr', 'certificate-day', 'where-title',
      'where-at', 'status'], function (id) {
      $(id).textContent = '';
    });
    due.wipe();
    looks = {};
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
  function tryPin(given) {
    if (given !== top.getAttribute('data-pin').toUpperCase()) {
      $('pin-typed').textContent = word('wrong-pin');
      return;
    }
    paper.desk();
    $('pin').hidden = true;
    $('desk').hidden = false;
    $('export').focus();
  }
  function leaveDesk() {
    $('pin').hidden = false;
    $('desk').hidden = true;
    wipe();
  }

  /* ---- wires ---- */
  setUpTeams();
  onPress('start', askWho);
  onPress('pad-show', function () {
    $('pad').hidden = false;
    $('pad-show').hidden = true;
    $('teams').hidden = true;
    doc.querySelector('#k-keys button').focus();
  });
  onPress('guest', function () {
    begin('');
  });
  onPress('resume', resume);
  onPress('home-button', goHome);
  onPress('leave', leave);
  /* A double tap is one: who taps twice out of habit would not see the screen between. */
  onPress('back', function (event) {
    if (event.detail !== 2) tell({ order: 'step', by: -1 });
  });
  onPress('next', function (event) {
    if (event.detail !== 2) goNext();
  });
  each(['contrast', 'large'], function (name) {
    onPress(name, function () {
      looks[name] = !looks[name];
      look();
    });
  });
  each(all('[data-open]'), function (b) {
    on(b, 'click', function () {
      openPage(b.getAttribute('data-open'));
    });
  });
  onPress('again', function () {
    openPage(last.page.url, { step: last.step });
  });
  onPress('wrong', function () {
    now.review = true;
    show('stage');
    tell({ order: 'wrong' });
  });
  each(['slip', 'certificate'], function (name) {
    onPress('print-' + name, function () {
      paper.print(name);
    });
  });
  onPress('save', function () {
    paper.save(visit);
  });
  onPress('result-home', goHome);
  onPress('result-leave', wipe);
  onPress('stay', unveil);
  onPress('sure-no', unveil);
  onPress('sure-yes', wipe);
  onPress('door', function () {
    pin.clear();
    show('trainer', doc.querySelector('#k-pin-keys button'));
  });
  onPress('export', function () {
    paper.hand();
  });
  onPress('clear', function () {
    paper.clear();
    $('export').focus();
  });
  onPress('trainer-leave', leaveDesk);
  function hearKey(event) {
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
    if (view === 'who' && !$('pad').hidden) numbers.hear(event);
    else if (view === 'trainer' && !$('pin').hidden) pin.hear(event);
  }
  on(doc, 'keydown', hearKey);
  ['mousedown', 'mousemove', 'touchstart', 'wheel', 'scroll'].forEach(function (type) {
    doc.addEventListener(type, function () {
      touched = time();
    }, true);
  });
  window.addEventListener('message', hear, false);
  setInterval(tick, 500);
  show('attract', $('start'));
  anjian.kiosk = { hearKey: hearKey }; /* for what was typed before this was here */
})();
