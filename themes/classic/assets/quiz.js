/* quiz - plays the questions of a page: answers, feedback, score.
 *
 * ES5, classic, no request, no storage. The questions stand in the page as readable HTML
 * (fieldset.question with data-question); words come from data-t-* of #quiz-result. What is right,
 * and what a seed draws, quiz-core.js knows; an exam's screens are quiz-exam.js. Every attempt goes
 * through anjian.record. Must not know: who answers, who keeps records. */
(function () {
  'use strict';
  var doc = document;
  var anjian = window.anjian = window.anjian || {};
  var core = anjian.quizcore;
  var box = doc.getElementById('quiz-result');
  if (!box || !core) return;
  var status = doc.getElementById('quiz-status');
  var settings = parse(box.getAttribute('data-quiz')) || {};
  var exam = settings.mode === 'exam';
  var questions = [];
  var slots = [];
  var chosen = [];
  var drawn = [];
  var now = null; /* the attempt: {seed, began, state: new | open | done, partial} */
  var bar, finish;
  anjian.listeners = anjian.listeners || [];

  function parse(text) {
    try {
      return JSON.parse(text);
    } catch (e) {
      return null;
    }
  }
  function word(name) {
    return box.getAttribute('data-t-' + name) || '';
  }
  function each(list, fn) {
    for (var i = 0; i < list.length; i++) fn(list[i], i);
  }
  function filter(list, fn) {
    var out = [];
    each(list, function (x) {
      if (fn(x)) out.push(x);
    });
    return out;
  }
  function all(q, selector) {
    return q.el.querySelectorAll(selector);
  }
  function make(name, className, text) {
    var el = doc.createElement(name);
    if (className) el.className = className;
    if (text) el.textContent = text;
    return el;
  }
  function button(text, className, fn) {
    var b = make('button', className, text);
    b.type = 'button';
    b.addEventListener('click', fn, false);
    return b;
  }
  function setClass(el, name, is) {
    var kept = filter(el.className.split(/\s+/), function (n) {
      return n && n !== name;
    });
    if (is) kept.push(name);
    el.className = kept.join(' ');
  }
  function remove(el) {
    if (el && el.parentNode) el.parentNode.removeChild(el);
  }
  function say(text) {
    status.textContent = '';
    setTimeout(function () {
      status.textContent = text;
    }, 30);
  }
  function jump(el) {
    el.scrollIntoView(true);
    if (el.getBoundingClientRect().top < 64) window.scrollBy(0, -64);
  }
  function time() {
    return new Date().getTime();
  }
  function tidy(n) {
    return String(Math.round(n * 100) / 100);
  }
  function newSeed() {
    var asked = /[?&]seed=(\d+)/.exec(location.search);
    if (asked) return parseInt(asked[1], 10) >>> 0;
    return (Math.random() * 4294967296) >>> 0;
  }

  /* ---- what was answered ---- */
  function inputs(q) {
    return all(q, '.q-options input, .q-options select, .q-options textarea');
  }
  function given(q) {
    if (q.type === 'order') return q.picked.slice();
    if (q.type === 'scenario') return q.path.slice();
    var out = [];
    each(inputs(q), function (input) {
      if (input.type === 'radio' || input.type === 'checkbox') {
        if (input.checked) out.push(input.value);
      } else {
        out.push(input.value);
      }
    });
    return out;
  }
  function answered(q) {
    if (q.type === 'order') return q.picked.length === inputs(q).length;
    if (q.type === 'scenario') return core.walk(q.data, q.path).over;
    return filter(given(q), function (v) {
      return v.replace(/[\s\u3000]+/g, '') !== '';
    }).length > 0;
  }
  function touched(q) {
    return q.picked.length > 0 || q.path.length > 0 || answered(q);
  }
  /* Puts an answer back, as given() told it. */
  function put(q, answer) {
    q.picked = q.type === 'order' ? answer.slice() : [];
    q.path = q.type === 'scenario' ? answer.slice() : [];
    each(inputs(q), function (input, i) {
      if (input.type === 'radio' || input.type === 'checkbox') input.checked = answer.indexOf(input.value) >= 0;
      else input.value = answer[i] || '';
    });
    look(q);
  }
  /* How the question looks with what is answered now. */
  function look(q) {
    if (q.type === 'order') {
      each(all(q, '.q-option'), function (li) {
        var at = q.picked.indexOf(li.querySelector('input').value);
        li.querySelector('.q-key').textContent = at < 0 ? '' : String(at + 1);
        li.querySelector('.q-place').textContent = at < 0 ? '' : word('place').replace('#', at + 1);
      });
    }
    if (q.type === 'scenario') lookScenario(q);
    each(all(q, '.q-option'), function (li) {
      setClass(li, 'is-chosen', li.querySelector('input').checked);
    });
  }
  function lookScenario(q) {
    var way = core.walk(q.data, q.path);
    each(all(q, '.q-node'), function (node, n) {
      node.hidden = n !== way.at;
      each(node.querySelectorAll('button'), function (b) {
        b.disabled = q.locked;
      });
    });
    var trail = q.el.querySelector('.q-trail');
    trail.textContent = '';
    each(way.steps, function (s) {
      var li = make('li', '', all(q, '.q-node')[s.node].querySelectorAll('.q-choices li')[s.choice].textContent);
      if (q.locked) li.appendChild(make('b', '', ' ' + (s.points > 0 ? '+' : '') + s.points));
      trail.appendChild(li);
    });
    trail.hidden = !way.steps.length;
    q.again.hidden = !way.steps.length || q.locked;
  }
  function setUpScenario(q) {
    var trail = make('ol', 'q-trail');
    trail.setAttribute('aria-label', word('trail'));
    var list = q.el.querySelector('.q-nodes');
    each(all(q, '.q-node'), function (node, n) {
      each(node.querySelectorAll('.q-choices li'), function (li, c) {
        var b = button('', 'q-choice', function () {
          q.path.push(c);
          changed(q);
          var next = all(q, '.q-node')[core.walk(q.data, q.path).at];
          next.querySelector('.q-node-name').focus();
        });
        while (li.firstChild) b.appendChild(li.firstChild);
        li.appendChild(b);
      });
      if (!q.data.nodes[n].choices.length) node.appendChild(make('p', 'q-ending', word('ending')));
    });
    list.insertBefore(trail, list.firstChild);
    q.again = button(word('restart'), 'q-restart', function () {
      q.path = [];
      changed(q);
      all(q, '.q-node')[0].querySelector('.q-node-name').focus();
    });
    list.appendChild(q.again);
  }
  function changed(q) {
    q.hint.textContent = '';
    look(q);
    if (now.state === 'new') {
      now.state = 'open';
      now.began = time();
      tell('started');
    }
    if (exam && anjian.exam) anjian.exam.changed(q);
  }

  /* ---- what it is worth ---- */
  function points(q) {
    return typeof q.data.points === 'number' ? q.data.points : 1;
  }
  function weigh(q) {
    var got = core.grade(q.data, given(q), q.self);
    q.worth = got.worth;
    q.slots = got.slots;
  }
  /* An exam's sealed rest: laid into the page as a practice page has it from the start. */
  function open(q) {
    if (!q.data.sealed || q.opened) return;
    var rest = core.unseal(q.data.salt, q.data.sealed);
    q.opened = true;
    q.data.right = rest.right;
    q.data.rubric = rest.rubric;
    q.data.best = rest.best;
    q.reference = rest.reference;
    q.explanation = rest.explanation;
    q.feedback = rest.feedback || {};
    each(rest.points || [], function (list, n) {
      each(list, function (p, c) {
        q.data.nodes[n].choices[c].points = p;
      });
    });
  }
  function block(className, html) {
    var el = make('div', className);
    el.innerHTML = html; /* the page's own, sealed when it was made */
    return el;
  }
  function explanationOf(q) {
    if (q.explanation) return block('q-explanation', q.explanation);
    var own = q.el.querySelector('.q-answer .q-explanation');
    return own && own.cloneNode(true);
  }
  function referenceOf(q) {
    if (q.reference) return block('q-reference', q.reference);
    var own = q.el.querySelector('.q-answer .q-reference');
    return own && own.cloneNode(true);
  }

  /* ---- right answers in words ---- */
  function shownKey(q, key) {
    var text = '';
    each(all(q, '.q-option'), function (li) {
      if (li.querySelector('input').value === key) text = li.querySelector('.q-key').textContent;
    });
    return text;
  }
  function textOf(q, key) {
    return filter(q.data.shown || [], function (s) {
      return s.key === key;
    }).map(function (s) {
      return s.text;
    })[0] || '';
  }
  function rightText(q) {
    var right = q.data.right || [];
    if (q.type === 'fill') {
      return right.map(function (alternatives) {
        return alternatives.map(function (a) {
          return a && typeof a === 'object' ? a.value + '\u00b1' + a.tolerance : String(a);
        }).join(' / ');
      }).join('\uff1b');
    }
    if (q.type === 'truefalse') return right[0][0] === 'true' ? word('true') : word('false');
    if (q.type === 'order') {
      return right.map(function (s) {
        return textOf(q, s[0]);
      }).join(' \u2192 ');
    }
    if (q.type === 'match') {
      return right.map(function (s, i) {
        return q.data.lefts[i].text + ' \u2014 ' + textOf(q, s[0]);
      }).join('\uff1b');
    }
    if (q.type === 'scenario' || q.type === 'short') return '';
    return right.map(function (s) {
      return shownKey(q, s[0]);
    }).sort().join(' ');
  }

  /* ---- one question, checked ---- */
  function mark(li, className, text) {
    setClass(li, className, true);
    if (text) li.querySelector('label').appendChild(make('span', 'q-mark', text));
  }
  function markOptions(q) {
    var options = all(q, '.q-option, .q-blank, .q-match');
    each(options, function (li, i) {
      var input = li.querySelector('input, select');
      if (q.type === 'fill' || q.type === 'match') {
        mark(li, q.slots[i] ? 'is-right' : 'is-wrong', word(q.slots[i] ? 'correct' : 'wrong'));
      } else if (q.type === 'order') {
        var at = q.picked.indexOf(input.value);
        if (at >= 0) mark(li, q.slots[at] ? 'is-right' : 'is-wrong', word(q.slots[at] ? 'correct' : 'wrong'));
      } else {
        var is = core.takes(q.data, -1, input.value);
        if (input.checked) mark(li, is ? 'is-right' : 'is-wrong', word('your'));
        else if (is) mark(li, 'is-missed', word('should'));
        if (q.feedback && q.feedback[input.value]) li.appendChild(block('q-feedback', q.feedback[input.value]));
        var feedback = li.querySelector('.q-feedback');
        if (feedback) feedback.hidden = !input.checked && !is;
      }
    });
  }
  function lock(q, is) {
    q.locked = is;
    each(inputs(q), function (input) {
      if (input.type === 'text' || input.nodeName === 'TEXTAREA') input.readOnly = is;
      else input.disabled = is;
    });
  }
  function kindOf(q) {
    return q.worth >= 1 ? 'good' : q.worth > 0 ? 'part' : 'bad';
  }
  /* Shows what was right and why. telling says whether answers may be told. */
  function show(q, telling) {
    var kind = kindOf(q);
    var title = { good: word('correct'), part: word('partly'), bad: word('wrong') }[kind];
    var verdict = make('div', 'q-verdict q-verdict-' + kind);
    verdict.appendChild(make('h3', '', title + ' \u00b7 ' + tidy(points(q) * q.worth) + ' / ' +
      tidy(points(q)) + ' ' + word('points')));
    setClass(q.el, 'is-checked', true);
    q.checked = true;
    if (telling) {
      markOptions(q);
      var right = kind === 'good' ? '' : rightText(q);
      if (right) verdict.appendChild(make('p', '', word('answer') + '\uff1a' + right));
      var explanation = explanationOf(q);
      if (explanation) {
        verdict.appendChild(make('p', 'q-label', word('explanation')));
        verdict.appendChild(explanation);
      }
    }
    if (q.type === 'scenario') lookScenario(q);
    q.el.insertBefore(verdict, q.actions);
    q.verdict = verdict;
    return title + (telling && kind !== 'good' && rightText(q) ? '\u3002' + word('answer') + '\uff1a' + rightText(q) : '');
  }
  /* A short answer is graded by who wrote it, beside the reference. done() when it is. */
  function selfGrade(q, done) {
    var part = make('div', 'q-self');
    var rubric = q.data.rubric || [];
    part.appendChild(make('h3', '', word('self')));
    var reference = referenceOf(q);
    if (reference) {
      part.appendChild(make('p', 'q-label', word('reference')));
      part.appendChild(reference);
    }
    function choice(type, text, value) {
      var label = make('label', 'q-self-choice');
      var input = make('input');
      input.type = type;
      input.name = q.el.id + '-self' + (type === 'radio' ? '' : value);
      input.value = String(value);
      label.appendChild(input);
      label.appendChild(make('span', '', text));
      part.appendChild(label);
      return input;
    }
    var boxes = rubric.length ? rubric.map(function (r, i) {
      return choice('checkbox', r.text + (r.points ? '\uff08' + r.points + ' ' + word('points') + '\uff09' : ''), i);
    }) : [choice('radio', word('self-full'), 1), choice('radio', word('self-half'), 0.5), choice('radio', word('self-none'), 0)];
    var confirm = choice('checkbox', word('confirmed'), 'confirmed');
    setClass(confirm.parentNode, 'q-confirm', true);
    part.appendChild(button(word('self-done'), 'button-primary', function () {
      q.self = rubric.length ? boxes.map(function (b) {
        return b.checked;
      }) : filter(boxes, function (b) {
        return b.checked;
      }).map(function (b) {
        return Number(b.value);
      });
      if (!rubric.length && !q.self.length) {
        boxes[0].focus();
        return;
      }
      q.confirmed = confirm.checked;
      remove(part);
      q.grading = null;
      done();
    }));
    q.grading = part;
    q.el.insertBefore(part, q.actions);
    part.querySelector('input').focus();
  }
  function check(q) {
    if (q.checked || q.grading) return;
    if (!answered(q)) {
      q.hint.textContent = q.picked.length ? word('choose-all') : word('choose');
      say(q.hint.textContent);
      var first = q.el.querySelector('.q-options input, .q-options select, .q-options textarea, .q-node:not([hidden]) button');
      if (first) first.focus();
      return;
    }
    q.hint.textContent = '';
    lock(q, true);
    q.check.hidden = true;
    if (q.type === 'short') {
      selfGrade(q, function () {
        settle(q);
      });
      return;
    }
    settle(q);
  }
  function settle(q) {
    weigh(q);
    var told = show(q, true);
    each(chosen, function (other) {
      other.next.hidden = true; /* one way on at a time: from the last one checked */
    });
    q.next.textContent = nextOpen(q) ? word('next') : word('show');
    q.next.hidden = false;
    say(told);
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
  function focusOn(q) {
    var first = q.el.querySelector('.q-options input:not([disabled]), .q-options select:not([disabled]), .q-options textarea, .q-node:not([hidden]) button');
    if (first) first.focus();
  }
  function goOn(q) {
    var next = nextOpen(q);
    if (!next) {
      showResult(true);
      return;
    }
    q.next.hidden = true;
    jump(next.el);
    focusOn(next);
  }
  function reset(q) {
    q.checked = false;
    q.worth = 0;
    q.slots = [];
    q.self = null;
    q.confirmed = false;
    lock(q, false);
    each(all(q, '.is-right, .is-wrong, .is-missed, .is-chosen'), function (li) {
      each(['is-right', 'is-wrong', 'is-missed', 'is-chosen'], function (name) {
        setClass(li, name, false);
      });
    });
    each(all(q, '.q-mark'), remove);
    each(all(q, '.q-option > .q-feedback'), function (f) {
      if (q.feedback) remove(f);
      else f.hidden = true;
    });
    setClass(q.el, 'is-checked', false);
    remove(q.verdict);
    remove(q.grading);
    q.verdict = null;
    q.grading = null;
    q.hint.textContent = '';
    q.check.hidden = exam;
    q.next.hidden = true;
    put(q, []);
  }
  function setUp(el) {
    var data = parse(el.getAttribute('data-question'));
    if (!data) return;
    var q = { el: el, data: data, type: data.type, checked: false, worth: 0, verdict: null, picked: [], path: [], slots: [] };
    q.hint = make('p', 'q-hint');
    q.actions = make('div', 'q-actions');
    q.check = button(word('check'), 'button-primary', function () {
      check(q);
    });
    q.next = button(word('next'), 'button-primary', function () {
      goOn(q);
    });
    q.next.hidden = true;
    q.actions.appendChild(q.check);
    q.actions.appendChild(q.next);
    q.actions.appendChild(q.hint);
    el.appendChild(q.actions);
    if (q.type === 'scenario') setUpScenario(q);
    el.addEventListener('change', function (event) {
      var input = event.target;
      if (q.grading && q.grading.contains(input)) return;
      if (q.type === 'order' && input.value) {
        q.picked = filter(q.picked, function (k) {
          return k !== input.value;
        });
        if (input.checked) q.picked.push(input.value);
      }
      changed(q);
    }, false);
    el.addEventListener('keydown', function (event) {
      var name = event.target.nodeName;
      if (event.keyCode !== 13 || event.isComposing || (name !== 'INPUT' && name !== 'SELECT')) return;
      event.preventDefault();
      if (exam) anjian.exam.enter(q);
      else check(q);
    }, false);
    questions.push(q);
    var slot = doc.createComment('');
    el.parentNode.insertBefore(slot, el);
    slots.push(slot);
  }

  /* ---- an attempt: which questions, in which order ---- */
  function choices(q) {
    if (q.type === 'single' || q.type === 'multiple') return (q.data.options || []).length;
    return q.type === 'order' || q.type === 'match' ? (q.data.shown || []).length : 0;
  }
  function arrange(q, order) {
    var list = q.el.querySelector('.q-options');
    if (q.type === 'match') {
      each(list.querySelectorAll('select'), function (select) {
        var options = {};
        each(select.querySelectorAll('option'), function (o) {
          options[o.value] = o;
        });
        each(order, function (k) {
          select.appendChild(options[q.data.shown[k].key]);
        });
      });
      return;
    }
    var items = {};
    each(list.querySelectorAll('.q-option'), function (li) {
      items[li.querySelector('input').value] = li;
    });
    each(order, function (k, i) {
      var li = items[(q.data.options || q.data.shown)[k].key];
      if (q.type !== 'order') li.querySelector('.q-key').textContent = String.fromCharCode(65 + i);
      list.appendChild(li);
    });
  }
  function start(only, seed) {
    now = { seed: seed === undefined ? newSeed() : seed, began: time(), state: 'new', partial: !!only };
    each(questions, reset);
    drawn = core.draw(settings, questions.map(function (q) {
      return { pool: q.data.pool, choices: choices(q), always: q.type === 'order' || q.type === 'match' };
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
      if (d.order.length) arrange(q, d.order);
    });
    box.hidden = true;
    finish.hidden = false;
    bar.hidden = false;
    drawBar();
  }
  function drawBar() {
    var done = filter(chosen, function (q) {
      return exam ? answered(q) : q.checked;
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
      var explanation = q.verdict && q.verdict.querySelector('.q-explanation');
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
    if (r.misses.length) box.appendChild(make('p', 'quiz-red', word('red')));
    box.appendChild(make('p', 'hint', word('score') + ' ' + tidy(r.score) + ' / ' + tidy(r.total) +
      ' \u00b7 ' + word('pass') + ' ' + r.pass + '% \u00b7 ' + word('duration') + ' ' + clock(duration)));
    if (now.note) box.appendChild(make('p', 'hint', now.note));
    if (!told) box.appendChild(make('p', 'hint', word('kept')));
    if (r.open && !exam) box.appendChild(make('p', 'hint', word('left')));
    if (!r.wrong.length) {
      box.appendChild(make('p', 'hint', word('all')));
    } else {
      resultList(word('list'), r.wrong.map(function (q) {
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
      actions.appendChild(button(word('again'), '', function () {
        restart(r.wrong);
      }));
    }
    actions.appendChild(button(word('print'), '', function () {
      window.print();
    }));
    box.appendChild(actions);
    box.hidden = false;
    finish.hidden = true;
    jump(box);
    box.focus();
    say(word('result') + ' ' + shown + '%\uff0c' + word(r.passed ? 'passed' : 'failed'));
    if (first) tell('submitted');
  }
  function restart(only) {
    if (now.state === 'open') tell('abandoned');
    start(only);
    jump(bar);
    if (chosen[0]) focusOn(chosen[0]);
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
        var a = { id: q.data.id, type: q.type, given: given(q), points: points(q) * q.worth, max: points(q), right: q.worth >= 1 };
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

  each(doc.querySelectorAll('fieldset.question'), setUp);
  if (!questions.length) return;
  setClass(doc.documentElement, 'quiz-live', true);
  bar = make('div', 'quiz-bar kind-quiz');
  bar.appendChild(make('span'));
  var progress = make('progress');
  progress.setAttribute('aria-label', word('answered'));
  bar.appendChild(progress);
  slots[0].parentNode.insertBefore(bar, slots[0]);
  finish = make('p', 'quiz-finish');
  finish.appendChild(button(word('show'), 'button-big', function () {
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
        if (touched(q)) out[q.data.id] = { given: given(q), checked: q.checked };
      });
      return out;
    },
    restore: function (kept) {
      each(chosen, function (q) {
        var known = kept[q.data.id];
        if (!known) return;
        put(q, known.given);
        changed(q);
        if (known.checked && !exam) check(q);
      });
      drawBar();
    }
  };
  if (exam) {
    anjian.exam.setUp({
      box: box, bar: bar, finish: finish, settings: settings, word: word, make: make, button: button,
      setClass: setClass, each: each, filter: filter, say: say, jump: jump, remove: remove, time: time,
      start: start, chosen: function () {
        return chosen;
      },
      now: function () {
        return now;
      },
      state: anjian.quiz.state, restore: anjian.quiz.restore, answered: answered, touched: touched,
      focusOn: focusOn, drawBar: drawBar, open: open, lock: lock, weigh: weigh, show: show,
      selfGrade: selfGrade, sums: sums, showResult: showResult, tell: tell
    });
  } else {
    start(null);
  }
})();
