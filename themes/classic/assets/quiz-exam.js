/* quiz-exam - an exam's screens: begin, one question at a time, look over, hand in, result.
 *
 * ES5, classic. What is answered is kept in localStorage where there is one, so that a reload loses
 * nothing, and is taken away with the hand-in, so that the next person finds nothing; without storage
 * all works but the reload. In a kiosk's frame the kiosk shows one question at a time and keeps what
 * is answered: then only the hand-in is here. Must not know: what is right (quiz-core), how a
 * question looks (quiz). */
(function () {
  'use strict';
  var doc = document;
  var anjian = window.anjian = window.anjian || {};
  var root = doc.documentElement;
  var P = null; /* what the player lends */
  var panel = null; /* begin and look over */
  var nav, back, on, review, clock;
  var at = 0;
  var timer = 0;
  var told = '';
  var limit = 0;
  var key = '';
  var tries = 0;
  var framed = /[?&]kiosk=1(&|$)/.test(location.search) && window.parent !== window;

  /* ---- what is kept ---- */
  function kept(name) {
    try {
      return JSON.parse(window.localStorage.getItem(key + name));
    } catch (e) {
      return null;
    }
  }
  function keep(name, value) {
    if (framed) return;
    try {
      if (value === null) window.localStorage.removeItem(key + name);
      else window.localStorage.setItem(key + name, JSON.stringify(value));
    } catch (e) {
      /* no storage, or full: the exam goes on without */
    }
  }
  function save() {
    var now = P.now();
    keep('open', { seed: now.seed, began: now.began, at: at, answers: P.state() });
  }

  /* ---- time ---- */
  function left() {
    return limit ? limit - (P.time() - P.now().began) / 1000 : Infinity;
  }
  function tick() {
    if (!limit || P.now().state === 'done') return;
    var s = left();
    if (s <= 0) {
      handIn(P.word('time-over'));
      return;
    }
    var text = s < 60 ? P.word('time-last') : P.word('time-left') + ' ' + Math.ceil(s / 60) + ' ' + P.word('minute');
    if (clock.textContent !== text) clock.textContent = text;
    var call = s < 60 ? '1' : s < 300 ? '5' : '';
    if (call && call !== told) {
      told = call;
      P.say(text);
    }
  }

  /* ---- screens ---- */
  function only(q) {
    P.each(P.chosen(), function (other) {
      P.setClass(other.el, 'q-off', q !== null && other !== q);
    });
  }
  function showPanel(make) {
    panel.textContent = '';
    make(panel);
    panel.hidden = false;
    nav.hidden = true;
    P.bar.hidden = true;
    P.each(P.chosen(), function (q) {
      P.setClass(q.el, 'q-off', true);
    });
    var h = panel.querySelector('h2');
    h.tabIndex = -1;
    P.jump(panel);
    h.focus();
  }
  function actions(list) {
    var row = P.make('div', 'q-actions');
    P.each(list, function (b) {
      if (b) row.appendChild(b);
    });
    panel.appendChild(row);
  }
  function intro() {
    var open = kept('open');
    showPanel(function () {
      panel.appendChild(P.make('h2', '', P.word(open ? 'resume' : 'exam')));
      var facts = P.make('ul', 'exam-facts');
      function fact(text) {
        facts.appendChild(P.make('li', '', text));
      }
      if (open) {
        fact(P.word('answered') + ' ' + Object.keys(open.answers).length);
        fact(P.word('resume-hint'));
      } else {
        fact(P.word('exam-hint'));
        if (limit) fact(P.word('limit') + ' ' + Math.ceil(limit / 60) + ' ' + P.word('minute'));
        if (P.settings.attempts) fact(P.word('tries').replace('#', Math.min(tries + 1, P.settings.attempts)).replace('#', P.settings.attempts));
      }
      panel.appendChild(facts);
      if (!open && !anjian.exam.left()) {
        panel.appendChild(P.make('p', 'quiz-red', P.word('no-tries')));
        return;
      }
      actions(open ? [
        P.button(P.word('go-on'), 'button-primary', function () {
          resume(open);
        }),
        P.button(P.word('give-up'), '', function () {
          P.start(null, open.seed);
          P.restore(open.answers);
          P.now().began = open.began;
          P.tell('abandoned');
          keep('open', null);
          P.start(null);
          intro();
        })
      ] : [P.button(P.word('begin'), 'button-primary', begin)]);
    });
  }
  function begin() {
    P.start(null);
    tries++;
    keep('tries', tries);
    P.now().began = P.time();
    P.now().state = 'open';
    P.tell('started');
    run(0);
    save();
  }
  function resume(open) {
    P.start(null, open.seed);
    P.now().began = open.began;
    P.now().state = 'open';
    P.restore(open.answers);
    run(open.at || 0);
  }
  function run(n) {
    P.setClass(root, 'exam-on', true);
    P.bar.hidden = false;
    P.finish.hidden = true;
    told = '';
    clearInterval(timer);
    timer = setInterval(tick, 1000);
    go(n);
    tick();
  }
  function go(n) {
    var list = P.chosen();
    var q;
    at = Math.max(0, Math.min(n, list.length - 1));
    q = list[at];
    panel.hidden = true;
    P.bar.hidden = false;
    only(q);
    nav.hidden = false;
    q.el.parentNode.insertBefore(nav, q.el.nextSibling);
    back.disabled = at === 0;
    on.textContent = P.word(at === list.length - 1 ? 'look-over' : 'next');
    review.hidden = at === list.length - 1;
    P.drawBar();
    P.bar.querySelector('span').textContent = P.word('question').replace('#', at + 1).replace('#', list.length) +
      ' \u00b7 ' + P.bar.querySelector('span').textContent;
    P.jump(P.bar);
    P.focusOn(q);
    save();
  }
  function forward() {
    if (at + 1 < P.chosen().length) go(at + 1);
    else lookOver();
  }
  function lookOver() {
    var open = P.filter(P.chosen(), function (q) {
      return !P.answered(q);
    });
    save();
    showPanel(function () {
      panel.appendChild(P.make('h2', '', P.word('look-over')));
      panel.appendChild(P.make('p', open.length ? 'quiz-red' : 'hint',
        open.length ? P.word('open').replace('#', open.length) : P.word('all-answered')));
      var list = P.make('ol', 'exam-list');
      P.each(P.chosen(), function (q, i) {
        var li = P.make('li');
        var done = P.answered(q);
        var some = P.touched(q);
        var state = done ? P.word('answered') : some ? P.word('half-answered') : P.word('unanswered');
        var b = P.button('', done ? '' : 'is-open', function () {
          go(i);
        });
        b.appendChild(P.make('b', '', String(i + 1)));
        b.appendChild(P.make('span', '', q.el.querySelector('.q-stem').textContent.replace(/\s+/g, ' ').slice(0, 40)));
        b.appendChild(P.make('i', '', state));
        li.appendChild(b);
        list.appendChild(li);
      });
      panel.appendChild(list);
      actions([
        P.button(P.word(open.length ? 'hand-in-open' : 'hand-in'), 'button-primary', function () {
          handIn('');
        }),
        P.button(P.word('back-to'), '', function () {
          go(open.length ? P.chosen().indexOf(open[0]) : at);
        })
      ]);
    });
  }

  /* ---- the hand-in ---- */
  function handIn(note) {
    var now = P.now();
    clearInterval(timer);
    now.note = note;
    now.duration = Math.min(P.time() - now.began, limit ? limit * 1000 : Infinity);
    clock.textContent = '';
    nav.hidden = true;
    panel.hidden = true;
    keep('open', null);
    P.bar.hidden = true;
    P.finish.hidden = true;
    P.setClass(root, 'exam-on', false);
    var short = [];
    P.each(P.chosen(), function (q) {
      P.open(q);
      P.lock(q, true);
      if (q.type === 'short' && P.answered(q)) short.push(q);
    });
    gradeNext(short);
  }
  /* Short answers first, one after the other; then the result. */
  function gradeNext(list) {
    var q = list.shift();
    if (!q) {
      finish();
      return;
    }
    P.setClass(root, 'exam-on', true);
    only(q);
    P.jump(q.el);
    P.selfGrade(q, function () {
      gradeNext(list);
    });
  }
  function finish() {
    P.setClass(root, 'exam-on', false);
    P.each(P.chosen(), P.weigh);
    var telling = P.sums().passed || !anjian.exam.left() || !P.settings.attempts;
    P.each(P.chosen(), function (q) {
      P.setClass(q.el, 'q-off', false);
      P.show(q, telling);
    });
    P.showResult(telling);
  }

  anjian.exam = {
    setUp: function (lent) {
      P = lent;
      limit = P.settings.time_s || 0;
      var meta = doc.querySelector('meta[name="anjian:page"]');
      /* Another version is another exam. */
      key = 'anjian.exam/' + (meta ? meta.getAttribute('content') + '/' + meta.getAttribute('data-questions') : location.pathname) + '/';
      tries = (!framed && kept('tries')) || 0;
      panel = P.make('section', 'exam-panel kind-quiz');
      P.bar.parentNode.insertBefore(panel, P.bar);
      clock = P.make('b', 'exam-clock');
      P.bar.appendChild(clock);
      nav = P.make('div', 'exam-nav q-actions');
      back = P.button(P.word('previous'), '', function () {
        go(at - 1);
      });
      on = P.button(P.word('next'), 'button-primary', forward);
      review = P.button(P.word('look-over'), '', lookOver);
      nav.appendChild(back);
      nav.appendChild(on);
      nav.appendChild(review);
      nav.hidden = true;
      panel.hidden = true;
      P.bar.parentNode.insertBefore(nav, P.bar);
      P.start(null);
      P.finish.textContent = '';
      if (framed) {
        P.now().state = 'open';
        P.tell('started');
        timer = setInterval(tick, 1000);
        var sure = false;
        P.finish.appendChild(P.button(P.word('hand-in'), 'button-big', function () {
          var open = P.filter(P.chosen(), function (q) {
            return !P.answered(q);
          });
          if (open.length && !sure) {
            sure = true;
            this.textContent = P.word('open').replace('#', open.length) + ' ' + P.word('hand-in-open');
            P.say(this.textContent);
            return;
          }
          handIn('');
        }));
        return;
      }
      P.finish.hidden = true;
      intro();
    },
    begin: function () {
      P.start(null);
      P.setClass(root, 'exam-on', false);
      intro();
    },
    changed: function () {
      if (P.now().state !== 'open') return;
      P.drawBar();
      if (!framed) {
        P.bar.querySelector('span').textContent = P.word('question').replace('#', at + 1).replace('#', P.chosen().length) +
          ' \u00b7 ' + P.bar.querySelector('span').textContent;
        save();
      }
      P.tell('saved');
    },
    enter: function () {
      if (!framed) forward();
    },
    /* May it be tried again? */
    left: function () {
      return !P.settings.attempts || tries < P.settings.attempts;
    }
  };
})();
