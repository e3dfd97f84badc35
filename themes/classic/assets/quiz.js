/* quiz - plays the questions of a page: answers, feedback, score. Practice mode.
 *
 * ES5, classic, no request, no storage. The questions stand in the page as readable HTML
 * (fieldset.question with data-question); words come from data-t-* of #quiz-result. What an
 * attempt was is handed to record() once, when it is finished. */
(function () {
  'use strict';
  var doc = document;
  var anjian = window.anjian = window.anjian || {};
  anjian.listeners = anjian.listeners || [];
  var box = doc.getElementById('quiz-result');
  if (!box) return;
  var status = doc.getElementById('quiz-status');
  var settings = parse(box.getAttribute('data-quiz')) || {};
  var questions = [];
  var slots = [];
  var chosen = [];
  var seed = 0;
  var began = 0;
  var finished = false;
  var partial = false; /* only the wrong ones once more */
  var bar, finish;

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
  function addClass(el, name) {
    if ((' ' + el.className + ' ').indexOf(' ' + name + ' ') < 0) el.className += ' ' + name;
  }
  function dropClass(el, names) {
    el.className = filter(el.className.split(/\s+/), function (n) {
      return names.indexOf(n) < 0;
    }).join(' ');
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

  /* ---- chance that can be repeated: mulberry32 without Math.imul ---- */
  function multiply(a, b) {
    return ((a & 0xffff) * b + ((((a >>> 16) * b) & 0xffff) << 16)) | 0;
  }
  function random(start) {
    var a = start >>> 0;
    return function () {
      a = (a + 0x6d2b79f5) | 0;
      var t = multiply(a ^ (a >>> 15), 1 | a);
      t = (t + multiply(t ^ (t >>> 7), 61 | t)) ^ t;
      return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
  }
  function shuffle(list, next) {
    for (var i = list.length - 1; i > 0; i--) {
      var j = Math.floor(next() * (i + 1));
      var keep = list[i];
      list[i] = list[j];
      list[j] = keep;
    }
    return list;
  }
  function newSeed() {
    var asked = /[?&]seed=(\d+)/.exec(location.search);
    if (asked) return parseInt(asked[1], 10) >>> 0;
    return (Math.random() * 4294967296) >>> 0;
  }
  function shuffles(what) {
    return (settings.shuffle || []).indexOf(what) >= 0;
  }

  /* ---- comparing what was typed ---- */
  function fold(text) {
    text = String(text);
    if (text.normalize) {
      text = text.normalize('NFKC');
    } else {
      text = text.replace(/[\uff01-\uff5e]/g, function (c) {
        return String.fromCharCode(c.charCodeAt(0) - 0xfee0);
      }).replace(/\u3000/g, ' ');
    }
    return text.toLowerCase().replace(/[\s\u200b\ufeff]+/g, '').replace(/[\u3002.]+$/, '');
  }
  function number(text) {
    var t = fold(text).replace(/\u2212/g, '-').replace(/,/g, '');
    var m = /^([+-]?(?:\d+\.?\d*|\.\d+))(%|[^\d]*)$/.exec(t);
    return m ? parseFloat(m[1]) : NaN;
  }
  function accepts(alternative, typed) {
    if (alternative && typeof alternative === 'object') {
      var n = number(typed);
      return !isNaN(n) && Math.abs(n - alternative.value) <= (alternative.tolerance || 0) + 1e-9;
    }
    var a = fold(alternative);
    var b = fold(typed);
    if (a === b) return true;
    return /^[+-]?\d+(\.\d+)?$/.test(a) && /^[+-]?\d+(\.\d+)?$/.test(b) &&
      parseFloat(a) === parseFloat(b);
  }
  function showAlternative(alternative) {
    return alternative && typeof alternative === 'object'
      ? alternative.value + '\u00b1' + alternative.tolerance : String(alternative);
  }

  /* ---- what was answered, and what it is worth ---- */
  function inputs(q) {
    return q.el.querySelectorAll('.q-options input');
  }
  function answerOf(q) {
    var out = [];
    each(inputs(q), function (input) {
      if (q.type === 'fill') out.push(input.value);
      else if (input.checked) out.push(input.value);
    });
    return out;
  }
  function answered(q) {
    return filter(answerOf(q), function (v) {
      return fold(v) !== '';
    }).length > 0;
  }
  function rightKeys(q) {
    if (q.type === 'truefalse') return [String(q.data.answer)];
    var keys = [];
    each(q.data.options || [], function (o, i) {
      if (o.correct) keys.push(o.key || String.fromCharCode(65 + i));
    });
    return keys;
  }
  /* 1 right, 0 wrong, between: part of the points. */
  function worth(q) {
    var given = answerOf(q);
    if (q.type === 'fill') {
      var blanks = q.data.answers || [];
      var good = 0;
      q.blanks = [];
      each(blanks, function (alternatives, i) {
        var ok = filter(alternatives, function (a) {
          return accepts(a, given[i] || '');
        }).length > 0;
        q.blanks.push(ok);
        if (ok) good++;
      });
      return blanks.length ? good / blanks.length : 0;
    }
    var right = rightKeys(q);
    var hits = filter(given, function (k) {
      return right.indexOf(k) >= 0;
    }).length;
    if (hits !== given.length || !given.length) return 0;
    if (hits === right.length) return 1;
    return q.type === 'multiple' && q.data.partial === 'half' ? 0.5 : 0;
  }
  function points(q) {
    return typeof q.data.points === 'number' ? q.data.points : 1;
  }
  function tidy(n) {
    return String(Math.round(n * 100) / 100);
  }

  /* ---- one question ---- */
  function shownKey(q, key) {
    var text = '';
    each(q.el.querySelectorAll('.q-option'), function (li) {
      if (li.querySelector('input').value === key) text = li.querySelector('.q-key').textContent;
    });
    return text;
  }
  function rightText(q) {
    if (q.type === 'fill') {
      return (q.data.answers || []).map(function (alternatives) {
        return alternatives.map(showAlternative).join(' / ');
      }).join('\uff1b');
    }
    if (q.type === 'truefalse') return word(q.data.answer ? 'true' : 'false');
    return rightKeys(q).map(function (k) {
      return shownKey(q, k);
    }).sort().join(' ');
  }
  function markOption(li, className, text) {
    addClass(li, className);
    if (!text) return;
    var label = li.querySelector('label');
    label.appendChild(make('span', 'q-mark', text));
  }
  function check(q) {
    if (q.checked) return;
    if (!answered(q)) {
      q.hint.textContent = word('choose');
      say(word('choose'));
      inputs(q)[0].focus();
      return;
    }
    q.hint.textContent = '';
    q.checked = true;
    q.worth = worth(q);
    var right = rightKeys(q);
    each(inputs(q), function (input, i) {
      var li = input.parentNode.parentNode;
      if (q.type === 'fill') {
        input.readOnly = true;
        markOption(li, q.blanks[i] ? 'is-right' : 'is-wrong',
          word(q.blanks[i] ? 'correct' : 'wrong'));
        return;
      }
      var is = right.indexOf(input.value) >= 0;
      input.disabled = true;
      if (input.checked) markOption(li, is ? 'is-right' : 'is-wrong', word('your'));
      else if (is) markOption(li, 'is-missed', word('should'));
      var feedback = li.querySelector('.q-feedback');
      if (feedback && (input.checked || is)) feedback.hidden = false;
    });
    addClass(q.el, 'is-checked');
    var kind = q.worth === 1 ? 'good' : q.worth > 0 ? 'part' : 'bad';
    var title = kind === 'good' ? word('correct')
      : kind === 'part' ? word('partly') : word('wrong');
    var verdict = make('div', 'q-verdict q-verdict-' + kind);
    verdict.appendChild(make('h3', '', title + ' \u00b7 ' + tidy(points(q) * q.worth) + ' / ' +
      tidy(points(q)) + ' ' + word('points')));
    if (kind !== 'good') verdict.appendChild(make('p', '', word('answer') + '\uff1a' + rightText(q)));
    var explanation = q.el.querySelector('.q-answer .q-explanation');
    if (explanation) {
      verdict.appendChild(make('p', 'q-label', word('explanation')));
      verdict.appendChild(explanation.cloneNode(true));
    }
    q.actions.parentNode.insertBefore(verdict, q.actions);
    q.verdict = verdict;
    q.check.hidden = true;
    q.next.textContent = nextOpen(q) ? word('next') : word('show');
    q.next.hidden = false;
    say(title + (kind === 'good' ? '' : '\u3002' + word('answer') + '\uff1a' + rightText(q)));
    q.next.focus();
    drawBar();
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
      showResult();
      return;
    }
    jump(next.el);
    var first = inputs(next)[0];
    if (first) first.focus();
  }
  function reset(q) {
    q.checked = false;
    q.worth = 0;
    each(inputs(q), function (input) {
      input.disabled = false;
      input.readOnly = false;
      if (q.type === 'fill') input.value = '';
      else input.checked = false;
      dropClass(input.parentNode.parentNode, ['is-right', 'is-wrong', 'is-missed', 'is-chosen']);
    });
    each(q.el.querySelectorAll('.q-mark'), remove);
    each(q.el.querySelectorAll('.q-feedback'), function (f) {
      f.hidden = true;
    });
    dropClass(q.el, ['is-checked']);
    remove(q.verdict);
    q.verdict = null;
    q.hint.textContent = '';
    q.check.hidden = false;
    q.next.hidden = true;
  }
  function chosenMarks(q) {
    each(q.el.querySelectorAll('.q-option'), function (li) {
      if (li.querySelector('input').checked) addClass(li, 'is-chosen');
      else dropClass(li, ['is-chosen']);
    });
  }
  function setUp(el) {
    var data = parse(el.getAttribute('data-question'));
    if (!data) return;
    var q = { el: el, data: data, type: data.type, checked: false, worth: 0, verdict: null };
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
    el.addEventListener('change', function () {
      q.hint.textContent = '';
      if (q.type !== 'fill') chosenMarks(q);
    }, false);
    el.addEventListener('keydown', function (event) {
      if (event.keyCode !== 13 || event.isComposing || event.target.nodeName !== 'INPUT') return;
      event.preventDefault();
      check(q);
    }, false);
    questions.push(q);
    var slot = doc.createComment('');
    el.parentNode.insertBefore(slot, el);
    slots.push(slot);
  }

  /* ---- an attempt: which questions, in which order ---- */
  function pick(list, count, next) {
    if (!count || count >= list.length) return list.slice();
    var taken = shuffle(list.slice(), next).slice(0, count);
    return filter(list, function (q) {
      return taken.indexOf(q) >= 0;
    });
  }
  /* Questions by pool: [[q, q], [q]]. A pool keeps its place under its own heading. */
  function groups() {
    var names = [];
    each(questions, function (q) {
      if (names.indexOf(q.data.pool || '') < 0) names.push(q.data.pool || '');
    });
    return names.map(function (name) {
      return filter(questions, function (q) {
        return (q.data.pool || '') === name;
      });
    });
  }
  function draw(next) {
    var pools = settings.pools || {};
    var out = [];
    each(groups(), function (own) {
      var pool = pools[own[0].data.pool];
      out = out.concat(pick(own, pool && pool.pick, next));
    });
    return pick(out, settings.pick, next);
  }
  function shuffleOptions(q, next) {
    var list = q.el.querySelector('.q-options');
    if (!list || (q.type !== 'single' && q.type !== 'multiple')) return;
    var items = [];
    each(list.querySelectorAll('.q-option'), function (li) {
      items.push(li);
    });
    items.sort(function (a, b) {
      return a.querySelector('input').value < b.querySelector('input').value ? -1 : 1;
    });
    if (shuffles('options')) shuffle(items, next);
    each(items, function (li, i) {
      li.querySelector('.q-key').textContent = String.fromCharCode(65 + i);
      list.appendChild(li);
    });
  }
  function start(only) {
    finished = false;
    seed = newSeed();
    began = new Date().getTime();
    var next = random(seed);
    each(questions, reset);
    var taken = only || draw(next);
    chosen = [];
    partial = !!only;
    each(groups(), function (own) {
      /* Into their places again: first the taken ones in order, then the hidden rest. */
      var mine = filter(own, function (q) {
        return taken.indexOf(q) >= 0;
      });
      var rest = filter(own, function (q) {
        return taken.indexOf(q) < 0;
      });
      if (shuffles('questions')) shuffle(mine, next);
      each(mine.concat(rest), function (q, i) {
        var slot = slots[questions.indexOf(own[i])];
        slot.parentNode.insertBefore(q.el, slot.nextSibling);
        q.el.hidden = i >= mine.length;
        if (q.el.hidden) return;
        chosen.push(q);
        q.el.querySelector('.q-number').textContent = String(chosen.length);
        shuffleOptions(q, next);
      });
    });
    box.hidden = true;
    finish.hidden = false;
    bar.hidden = false;
    drawBar();
  }
  function drawBar() {
    var done = filter(chosen, function (q) {
      return q.checked;
    }).length;
    bar.querySelector('span').textContent = word('answered') + ' ' + done + ' / ' + chosen.length;
    var progress = bar.querySelector('progress');
    progress.max = chosen.length || 1;
    progress.value = done;
  }

  /* ---- the end ---- */
  function time(ms) {
    var s = Math.round(ms / 1000);
    return (s >= 60 ? Math.floor(s / 60) + ' ' + word('minute') + ' ' : '') + s % 60 + ' ' +
      word('second');
  }
  function showResult() {
    var total = 0;
    var score = 0;
    var open = 0;
    var wrong = [];
    var red = false;
    each(chosen, function (q) {
      total += points(q);
      if (!q.checked) open++;
      score += points(q) * q.worth;
      if (q.worth < 1) {
        wrong.push(q);
        if (q.data.red_line) red = true;
      }
    });
    var pass = typeof settings.pass === 'number' ? settings.pass : 60;
    var percent = total ? 100 * score / total : 0;
    var passed = percent + 1e-9 >= pass && !red;
    var duration = new Date().getTime() - began;
    var shown = tidy(Math.floor(percent * 10 + 1e-9) / 10); /* never rounded up to a pass */
    box.textContent = '';
    dropClass(box, ['is-pass', 'is-fail']);
    addClass(box, passed ? 'is-pass' : 'is-fail');
    box.appendChild(make('h2', 'quiz-result-title', word('result')));
    var number = make('p', 'quiz-score', shown);
    number.appendChild(make('small', '', ' %'));
    box.appendChild(number);
    box.appendChild(make('p', 'quiz-verdict', word(passed ? 'passed' : 'failed')));
    if (red) box.appendChild(make('p', 'quiz-red', word('red')));
    box.appendChild(make('p', 'hint', word('score') + ' ' + tidy(score) + ' / ' + tidy(total) +
      ' \u00b7 ' + word('pass') + ' ' + pass + '% \u00b7 ' + word('duration') + ' ' + time(duration)));
    if (open) box.appendChild(make('p', 'hint', word('left')));
    if (!wrong.length) {
      box.appendChild(make('p', 'hint', word('all')));
    } else {
      var part = make('div', 'quiz-wrong');
      part.appendChild(make('h3', '', word('list')));
      var list = make('ol');
      each(wrong, function (q) {
        var li = make('li');
        var a = make('a', '', q.el.querySelector('.q-number').textContent + '. ' +
          q.el.querySelector('.q-stem').textContent.replace(/\s+/g, ' ').slice(0, 60));
        a.href = '#' + q.el.id;
        li.appendChild(a);
        list.appendChild(li);
      });
      part.appendChild(list);
      box.appendChild(part);
    }
    var actions = make('div', 'q-actions');
    actions.appendChild(button(word('retry'), 'button-primary', function () {
      again(null);
    }));
    if (wrong.length && wrong.length < chosen.length) {
      actions.appendChild(button(word('again'), '', function () {
        again(wrong);
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
    say(word('result') + ' ' + shown + '%\uff0c' + word(passed ? 'passed' : 'failed'));
    if (finished) return;
    finished = true;
    record({
      page: box.getAttribute('data-page'),
      version: box.getAttribute('data-version'),
      commit: box.getAttribute('data-commit'),
      seed: seed,
      score: score,
      total: total,
      percent: percent,
      pass: pass,
      passed: passed,
      red_line_missed: red,
      partial: partial,
      duration_ms: duration,
      answers: chosen.map(function (q) {
        return { id: q.data.id, type: q.type, given: answerOf(q), points: points(q) * q.worth };
      })
    });
  }
  function again(only) {
    start(only);
    jump(bar);
    var first = chosen[0] && inputs(chosen[0])[0];
    if (first) first.focus();
  }
  /* The one door for whoever keeps records: push a function onto anjian.listeners, and it gets every
   * attempt when it starts, when an answer is saved, when it is handed in or abandoned. A page around
   * this one hears the end of an attempt as the DOM event anjian:attempt. */
  function record(attempt) {
    each(anjian.listeners, function (listen) {
      try {
        listen(attempt);
      } catch (e) {
        /* a fault in keeping records must not end an exam */
      }
    });
    if (attempt.event !== 'submitted') return;
    var event = doc.createEvent('CustomEvent');
    event.initCustomEvent('anjian:attempt', true, false, attempt);
    doc.dispatchEvent(event);
  }
  anjian.record = record;

  each(doc.querySelectorAll('fieldset.question'), setUp);
  if (!questions.length) return;
  doc.documentElement.className += ' quiz-live';
  bar = make('div', 'quiz-bar kind-quiz');
  bar.appendChild(make('span'));
  var progress = make('progress');
  progress.setAttribute('aria-label', word('answered'));
  bar.appendChild(progress);
  slots[0].parentNode.insertBefore(bar, slots[0]);
  finish = make('p', 'quiz-finish');
  finish.appendChild(button(word('show'), 'button-big', showResult));
  /* The end stands right below the last question, whatever the page goes on to say. */
  var last = questions[questions.length - 1].el;
  last.parentNode.insertBefore(box, last.nextSibling);
  last.parentNode.insertBefore(finish, box);
  start(null);
})();
