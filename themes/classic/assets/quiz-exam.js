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
  var V = anjian.quizview;
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
    keep('open', { seed: now.seed, began: now.began, at: at, answers: P.state(), handed: now.handed, note: now.note });
  }

  /* ---- time ---- */
  function left() {
    return limit ? limit - (P.time() - P.now().began) / 1000 : Infinity;
  }
  function tick() {
    if (!limit || P.now().state === 'done') return;
    var s = left();
    if (s <= 0) {
      handIn(V.word('time_over'));
      return;
    }
    var text = s < 60 ? V.word('time_last') : V.word('time_left') + ' ' + Math.ceil(s / 60) + ' ' + V.word('minute');
    if (clock.textContent !== text) clock.textContent = text;
    var call = s < 60 ? '1' : s < 300 ? '5' : '';
    if (call && call !== told) {
      told = call;
      V.say(text);
    }
  }

  /* ---- screens ---- */
  function only(q) {
    V.each(P.chosen(), function (other) {
      V.setClass(other.el, 'q-off', q !== null && other !== q);
    });
  }
  function showPanel(make) {
    panel.textContent = '';
    make(panel);
    panel.hidden = false;
    nav.hidden = true;
    P.bar.hidden = true;
    V.each(P.chosen(), function (q) {
      V.setClass(q.el, 'q-off', true);
    });
    var h = panel.querySelector('h2');
    h.tabIndex = -1;
    V.jump(panel);
    h.focus();
  }
  function actions(list) {
    var row = V.make('div', 'q-actions');
    V.each(list, function (b) {
      if (b) row.appendChild(b);
    });
    panel.appendChild(row);
  }
  function intro() {
    var open = kept('open');
    showPanel(function () {
      panel.appendChild(V.make('h2', '', V.word(open ? 'resume' : 'exam')));
      var facts = V.make('ul', 'exam-facts');
      function fact(text) {
        facts.appendChild(V.make('li', '', text));
      }
      if (open) {
        fact(V.word('answered') + ' ' + Object.keys(open.answers).length);
        fact(V.word('resume_hint'));
      } else {
        fact(V.word('exam_hint'));
        if (limit) fact(V.word('limit') + ' ' + Math.ceil(limit / 60) + ' ' + V.word('minute'));
        if (P.settings.attempts) fact(V.word('tries').replace('#', Math.min(tries + 1, P.settings.attempts)).replace('#', P.settings.attempts));
      }
      panel.appendChild(facts);
      if (!open && !anjian.exam.left()) {
        panel.appendChild(V.make('p', 'quiz-red', V.word('no_tries')));
        return;
      }
      actions(open ? [
        V.button(V.word('go_on'), 'button-primary', function () {
          resume(open);
        }),
        V.button(V.word('give_up'), '', function () {
          P.start(null, open.seed);
          P.restore(open.answers);
          P.now().began = open.began;
          P.tell('abandoned');
          keep('open', null);
          P.start(null);
          intro();
        })
      ] : [V.button(V.word('begin'), 'button-primary', begin)]);
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
    P.now().handed = open.handed;
    P.restore(open.answers);
    if (open.handed === undefined) run(open.at || 0);
    else handIn(open.note, open.handed); /* was being graded by who wrote it */
  }
  function run(n) {
    V.setClass(root, 'exam-on', true);
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
    on.textContent = V.word(at === list.length - 1 ? 'look_over' : 'next');
    review.hidden = at === list.length - 1;
    P.drawBar();
    P.bar.querySelector('span').textContent = V.word('question').replace('#', at + 1).replace('#', list.length) +
      ' \u00b7 ' + P.bar.querySelector('span').textContent;
    V.jump(P.bar);
    V.focusOn(q);
    save();
  }
  function forward() {
    if (at + 1 < P.chosen().length) go(at + 1);
    else lookOver();
  }
  function lookOver() {
    var open = V.filter(P.chosen(), function (q) {
      return !V.answered(q);
    });
    save();
    showPanel(function () {
      panel.appendChild(V.make('h2', '', V.word('look_over')));
      panel.appendChild(V.make('p', open.length ? 'quiz-red' : 'hint',
        open.length ? V.word('open').replace('#', open.length) : V.word('all_answered')));
      var list = V.make('ol', 'exam-list');
      V.each(P.chosen(), function (q, i) {
        var li = V.make('li');
        var done = V.answered(q);
        var some = V.touched(q);
        var state = done ? V.word('answered') : some ? V.word('half_answered') : V.word('unanswered');
        var b = V.button('', done ? '' : 'is-open', function () {
          go(i);
        });
        b.appendChild(V.make('b', '', String(i + 1)));
        b.appendChild(V.make('span', '', q.el.querySelector('.q-stem').textContent.replace(/\s+/g, ' ').slice(0, 40)));
        b.appendChild(V.make('i', '', state));
        li.appendChild(b);
        list.appendChild(li);
      });
      panel.appendChild(list);
      actions([
        V.button(V.word(open.length ? 'hand_in_open' : 'hand_in'), 'button-primary', function () {
          handIn('');
        }),
        V.button(V.word('back_to'), '', function () {
          go(open.length ? P.chosen().indexOf(open[0]) : at);
        })
      ]);
    });
  }

  /* ---- the hand-in ---- */
  /* duration: known when it was handed in before a reload. */
  function handIn(note, duration) {
    var now = P.now();
    clearInterval(timer);
    now.note = note;
    now.duration = now.handed = duration === undefined ?
      Math.min(P.time() - now.began, limit ? limit * 1000 : Infinity) : duration;
    clock.textContent = '';
    nav.hidden = true;
    panel.hidden = true;
    save();
    P.bar.hidden = true;
    P.finish.hidden = true;
    V.setClass(root, 'exam-on', false);
    var short = [];
    V.each(P.chosen(), function (q) {
      V.open(q);
      V.lock(q, true);
      if (q.type === 'short' && V.answered(q)) short.push(q);
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
    V.setClass(root, 'exam-on', true);
    only(q);
    V.jump(q.el);
    V.selfGrade(q, function () {
      gradeNext(list);
    });
  }
  function finish() {
    keep('open', null);
    V.setClass(root, 'exam-on', false);
    V.each(P.chosen(), V.weigh);
    var telling = P.sums().passed || !anjian.exam.left() || !P.settings.attempts;
    V.each(P.chosen(), function (q) {
      V.setClass(q.el, 'q-off', false);
      V.show(q, telling);
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
      panel = V.make('section', 'exam-panel kind-quiz');
      P.bar.parentNode.insertBefore(panel, P.bar);
      clock = V.make('b', 'exam-clock');
      P.bar.appendChild(clock);
      nav = V.make('div', 'exam-nav q-actions');
      back = V.button(V.word('previous'), '', function () {
        go(at - 1);
      });
      on = V.button(V.word('next'), 'button-primary', forward);
      review = V.button(V.word('look_over'), '', lookOver);
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
        P.finish.appendChild(V.button(V.word('hand_in'), 'button-big', function () {
          var open = V.filter(P.chosen(), function (q) {
            return !V.answered(q);
          });
          if (open.length && !sure) {
            sure = true;
            this.textContent = V.word('open').replace('#', open.length) + ' ' + V.word('hand_in_open');
            V.say(this.textContent);
            return;
          }
          handIn('');
        }));
        return;
      }
      P.finish.hidden = true;
      if ((anjian.early || {}).by === 'button' && !kept('open') && anjian.exam.left()) begin();
      else intro();
    },
    begin: function () {
      P.start(null);
      V.setClass(root, 'exam-on', false);
      intro();
    },
    changed: function () {
      if (P.now().state !== 'open') return;
      P.drawBar();
      if (!framed) {
        P.bar.querySelector('span').textContent = V.word('question').replace('#', at + 1).replace('#', P.chosen().length) +
          ' \u00b7 ' + P.bar.querySelector('span').textContent;
        save();
      }
      P.tell('saved');
    },
    typed: function () {
      if (P.now().state === 'open' && P.now().handed === undefined) save();
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
