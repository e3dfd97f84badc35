/* quiz - plays the questions of a page: an attempt, its score, its record.
 *
 * ES5, classic, no request, no storage. One question is quiz-question.js's; what is right, and what a
 * seed draws, quiz-core.js knows; an exam's screens are quiz-exam.js. Every attempt goes through
 * anjian.record. Must not know: how a question looks, who answers, who keeps records. */
(function () {
  'use strict';
  var doc = document;
  var anjian = window.anjian = window.anjian || {};
  var core = anjian.quizcore;
  var view = anjian.quizview;
  var box = doc.getElementById('quiz-result');
  if (!box || !core || !view) return;
  var word = view.word;
  var each = view.each;
  var filter = view.filter;
  var make = view.make;
  var button = view.button;
  var setClass = view.setClass;
  var points = view.points;
  var tidy = view.tidy;
  var settings = view.parse(box.getAttribute('data-quiz')) || {};
  var exam = settings.mode === 'exam';
  var questions = [];
  var slots = [];
  var chosen = [];
  var drawn = [];
  var now = null; /* the attempt: {seed, began, state: new | open | done, partial} */
  var bar, finish;
  anjian.listeners = anjian.listeners || [];

  function time() {
    return new Date().getTime();
  }
  function newSeed() {
    var asked = /[?&]seed=(\d+)/.exec(location.search);
    if (asked) return parseInt(asked[1], 10) >>> 0;
    return (Math.random() * 4294967296) >>> 0;
  }

  /* ---- one question after the other ---- */
  function changed(q) {
    q.hint.textContent = '';
    view.look(q);
    if (now.state === 'new') {
      now.state = 'open';
      now.began = time();
      tell('started');
    }
    if (exam && anjian.exam) anjian.exam.changed(q);
  }

  function check(q) {
    if (q.checked || q.grading) return;
    if (!view.answered(q)) {
      q.hint.textContent = q.picked.length ? word('choose_all') : word('choose_first');
      view.say(q.hint.textContent);
      var first = q.el.querySelector('.q-options input, .q-options select, .q-options textarea, .q-node:not([hidden]) button');
      if (first) first.focus();
      return;
    }
    q.hint.textContent = '';
    view.lock(q, true);
    q.check.hidden = true;
    if (q.type === 'short') {
      view.selfGrade(q, function () {
        settle(q);
      });
      return;
    }
    settle(q);
  }
  function settle(q) {
    view.weigh(q);
    var told = view.show(q, true);
    each(chosen, function (other) {
      other.next.hidden = true; /* one way on at a time: from the last one checked */
    });
    q.next.textContent = nextOpen(q) ? word('next') : word('show_result');
    q.next.hidden = false;
    view.say(told);
    q.next.focus();
    drawBar();
    tell('saved');
  }
  function nextOpen(q) {
    var after = chosen.indexOf(q) + 1;
    var order = chosen.slice(after).concat(chosen.slice(0, after));
    return filter(order, function (other) {
      return !other.checked;
    })[0] || null;
  }
  function goOn(q) {
    var next = nextOpen(q);
    if (!next) {
      showResult(true);
      return;
    }
    q.next.hidden = true;
    view.jump(next.el);
    view.focusOn(next);
  }
  /* ---- an attempt: which questions, in which order ---- */
  function start(only, seed) {
    now = { seed: seed === undefined ? newSeed() : seed, began: time(), state: 'new', partial: !!only };
    each(questions, view.reset);
    drawn = core.draw(settings, questions.map(function (q) {
      return { pool: q.data.pool, choices: view.choices(q), always: q.type === 'order' || q.type === 'match' };
    }), now.seed, only && only.map(function (q) {
      return questions.indexOf(q);
    }));
    chosen = drawn.map(function (d) {
      return questions[d.index];
    });
    each(questions, function (q) {
      q.el.hidden = true;
    });
    /* Into the places of their pools: first the drawn ones in order, then the hidden rest. */
    var pools = {};
    each(questions, function (q, i) {
      var name = 'p' + (q.data.pool || '');
      (pools[name] = pools[name] || []).push(slots[i]);
    });
    each(chosen.concat(filter(questions, function (q) {
      return chosen.indexOf(q) < 0;
    })), function (q) {
      var slot = pools['p' + (q.data.pool || '')].shift();
      slot.parentNode.insertBefore(q.el, slot.nextSibling);
    });
    each(drawn, function (d, i) {
      var q = questions[d.index];
      q.el.hidden = false;
      q.el.querySelector('.q-number').textContent = String(i + 1);
      if (d.order.length) view.arrange(q, d.order);
    });
    box.hidden = true;
    finish.hidden = false;
    bar.hidden = false;
    drawBar();
  }
  function drawBar() {
    var done = filter(chosen, function (q) {
      return exam ? view.answered(q) : q.checked;
    }).length;
    bar.querySelector('span').textContent = word('answered') + ' ' + done + ' / ' + chosen.length;
    var progress = bar.querySelector('progress');
    progress.max = chosen.length || 1;
    progress.value = done;
  }

  /* ---- the end ---- */
  function clock(ms) {
    var s = Math.round(ms / 1000);
    return (s >= 60 ? Math.floor(s / 60) + ' ' + word('minute') + ' ' : '') + s % 60 + ' ' +
      word('second');
  }
  function sums() {
    var out = { total: 0, score: 0, open: 0, wrong: [], misses: [] };
    each(chosen, function (q) {
      out.total += points(q);
      if (!q.checked) out.open++;
      out.score += points(q) * q.worth;
      if (q.worth >= 1) return;
      out.wrong.push(q);
      if (q.data.red_line) out.misses.push(q.data.id);
    });
    out.pass = typeof settings.pass === 'number' ? settings.pass : 60;
    out.percent = out.total ? 100 * out.score / out.total : 0;
    out.passed = out.percent + 1e-9 >= out.pass && !out.misses.length;
    return out;
  }
  /* Where the explanations of what went wrong lead: each place once. */
  function readAgain(wrong) {
    var seen = {};
    var out = [];
    each(wrong, function (q) {
      var explanation = view.explanationOf(q); /* where it leads is told even when it is not */
      each(explanation ? explanation.querySelectorAll('a[href]') : [], function (a) {
        if (seen[a.href]) return;
        seen[a.href] = true;
        out.push(a);
      });
    });
    return out;
  }
  function resultList(title, links) {
    var part = make('div', 'quiz-wrong');
    part.appendChild(make('h3', '', title));
    var list = make('ol');
    each(links, function (a) {
      var li = make('li');
      li.appendChild(a);
      list.appendChild(li);
    });
    part.appendChild(list);
    box.appendChild(part);
  }
  function showResult(told) {
    if (now.state === 'new') tell('started');
    var r = sums();
    var first = now.state !== 'done';
    now.state = 'done';
    var duration = now.duration = now.duration || time() - now.began;
    var shown = tidy(Math.floor(r.percent * 10 + 1e-9) / 10); /* never rounded up to a pass */
    box.textContent = '';
    setClass(box, 'is-pass', r.passed);
    setClass(box, 'is-fail', !r.passed);
    box.appendChild(make('h2', 'quiz-result-title', word('result')));
    var number = make('p', 'quiz-score', shown);
    number.appendChild(make('small', '', ' %'));
    box.appendChild(number);
    box.appendChild(make('p', 'quiz-verdict', word(r.passed ? 'passed' : 'failed')));
    if (r.misses.length) box.appendChild(make('p', 'quiz-red', word('red_failed')));
    box.appendChild(make('p', 'hint', word('score') + ' ' + tidy(r.score) + ' / ' + tidy(r.total) +
      ' \u00b7 ' + word('pass') + ' ' + r.pass + '% \u00b7 ' + word('duration') + ' ' + clock(duration)));
    if (now.note) box.appendChild(make('p', 'hint', now.note));
    if (!told) box.appendChild(make('p', 'hint', word('kept')));
    if (r.open && !exam) box.appendChild(make('p', 'hint', word('left')));
    if (!r.wrong.length) {
      box.appendChild(make('p', 'hint', word('all_right')));
    } else {
      resultList(word('wrong_list'), r.wrong.map(function (q) {
        var a = make('a', '', q.el.querySelector('.q-number').textContent + '. ' +
          q.el.querySelector('.q-stem').textContent.replace(/\s+/g, ' ').slice(0, 60));
        a.href = '#' + q.el.id;
        return a;
      }));
      var again = readAgain(r.wrong).map(function (a) {
        var copy = make('a', '', a.textContent);
        copy.href = a.getAttribute('href');
        return copy;
      });
      if (again.length) resultList(word('reread'), again);
    }
    var actions = make('div', 'q-actions');
    if (!exam || anjian.exam.left()) {
      actions.appendChild(button(word('retry'), 'button-primary', function () {
        if (exam) anjian.exam.begin();
        else restart(null);
      }));
    }
    if (!exam && r.wrong.length && r.wrong.length < chosen.length) {
      actions.appendChild(button(word('retry_wrong'), '', function () {
        restart(r.wrong);
      }));
    }
    actions.appendChild(button(word('print'), '', function () {
      window.print();
    }));
    box.appendChild(actions);
    box.hidden = false;
    finish.hidden = true;
    view.jump(box);
    box.focus();
    view.say(word('result') + ' ' + shown + '%\uff0c' + word(r.passed ? 'passed' : 'failed'));
    if (first) tell('submitted');
  }
  function restart(only) {
    if (now.state === 'open') tell('abandoned');
    start(only);
    view.jump(bar);
    if (chosen[0]) view.focusOn(chosen[0]);
  }

  /* ---- records ---- */
  function attempt(event) {
    var r = sums();
    var meta = doc.querySelector('meta[name="anjian:page"]');
    function of(name) {
      return meta ? meta.getAttribute(name) || '' : '';
    }
    return {
      event: event,
      quiz: settings.title || '',
      page: of('content'),
      url: box.getAttribute('data-page'),
      version: box.getAttribute('data-version'),
      commit: of('data-commit'),
      content: of('data-content'),
      questions: of('data-questions'),
      seed: now.seed,
      mode: exam ? 'exam' : 'practice',
      started: new Date(now.began).toISOString(),
      duration_ms: now.duration || time() - now.began,
      answers: chosen.map(function (q) {
        var a = { id: q.data.id, type: q.type, given: view.given(q), points: points(q) * q.worth, max: points(q), right: q.worth >= 1 };
        if (q.type === 'short') a.confirmed = !!q.confirmed;
        return a;
      }),
      score: r.score,
      total: r.total,
      percent: r.percent,
      pass: r.pass,
      passed: r.passed,
      red_line_missed: r.misses.length > 0,
      red_line_misses: r.misses,
      partial: now.partial
    };
  }
  function tell(event) {
    record(attempt(event));
  }
  /* The one door for whoever keeps records: push a function onto anjian.listeners, and it gets every
   * attempt when it starts, when an answer is saved, when it is handed in and when it is abandoned.
   * The end of an attempt is also the DOM event anjian:attempt. */
  function record(done) {
    each(anjian.listeners, function (listen) {
      try {
        listen(done);
      } catch (e) {
        /* a fault in keeping records must not end an exam */
      }
    });
    if (done.event !== 'submitted') return;
    var event = doc.createEvent('CustomEvent');
    event.initCustomEvent('anjian:attempt', true, false, done);
    doc.dispatchEvent(event);
  }
  anjian.record = record;

  view.on.changed = changed;
  view.on.typed = function () {
    if (exam) anjian.exam.typed();
  };
  view.on.check = check;
  view.on.next = goOn;
  view.on.enter = function (q) {
    if (exam) anjian.exam.enter();
    else check(q);
  };
  /* Where somebody stood when he began: quiz-load.js saw it. */
  var early = anjian.early || { fields: [] };
  var focus = doc.activeElement;
  var top = early.at ? early.at.getBoundingClientRect().top : 0;
  each(doc.querySelectorAll('fieldset.question'), function (el) {
    var q = view.setUp(el);
    var slot = doc.createComment('');
    if (!q) return;
    q.plain = exam;
    questions.push(q);
    el.parentNode.insertBefore(slot, el);
    slots.push(slot);
  });
  if (!questions.length) return;
  setClass(doc.documentElement, 'quiz-live', true);
  bar = make('div', 'quiz-bar kind-quiz');
  bar.appendChild(make('span'));
  var progress = make('progress');
  progress.setAttribute('aria-label', word('answered'));
  bar.appendChild(progress);
  slots[0].parentNode.insertBefore(bar, slots[0]);
  finish = make('p', 'quiz-finish');
  finish.appendChild(button(word('show_result'), 'button-big', function () {
    showResult(true);
  }));
  /* The end stands right below the last question, whatever the page goes on to say. */
  var last = questions[questions.length - 1].el;
  last.parentNode.insertBefore(box, last.nextSibling);
  last.parentNode.insertBefore(finish, box);

  /* What a frame around the page may ask for, and an exam's screens stand on. */
  anjian.quiz = {
    state: function () {
      var out = {};
      each(chosen, function (q) {
        if (view.touched(q)) out[q.data.id] = { given: view.given(q), checked: q.checked };
      });
      return out;
    },
    restore: function (kept) {
      each(chosen, function (q) {
        var known = kept[q.data.id];
        if (!known) return;
        view.put(q, known.given);
        changed(q);
        if (known.checked && !exam) check(q);
      });
      drawBar();
    }
  };
  if (exam) {
    anjian.exam.setUp({
      box: box, bar: bar, finish: finish, settings: settings, time: time, start: start, chosen: function () {
        return chosen;
      },
      now: function () {
        return now;
      },
      state: anjian.quiz.state, restore: anjian.quiz.restore, drawBar: drawBar, sums: sums,
      showResult: showResult, tell: tell
    });
  } else {
    var before = questions.map(view.given);
    start(null);
    each(questions, function (q, i) {
      if (early.fields.indexOf(q.el) < 0 || q.el.hidden) return;
      view.put(q, before[i]);
      changed(q);
    });
    /* What was touched stays where it was, though all around it may have moved. */
    if (early.by === 'touch' && !early.at.hidden) {
      if (focus && early.at.contains(focus)) focus.focus();
      window.scrollBy(0, early.at.getBoundingClientRect().top - top);
    } else if (early.by === 'button' || early.by === 'touch') {
      view.jump(bar);
      view.focusOn(chosen[0]);
    }
  }
})();
