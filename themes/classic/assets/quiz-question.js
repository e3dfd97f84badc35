/* quiz-question - one question in the page: what was answered, how it looks, what is shown of it.
 *
 * ES5, classic, no request, no storage. The question stands in the page as readable HTML
 * (fieldset.question), with no more of it than reading takes; what that does not say - what is right,
 * what it is worth, what is said of each option - data-exam says, sealed, or the page's own script
 * (anjian.questions).
 * Words come from words.js, which is the theme's i18n; how answers are judged, quiz-core.js knows. Must not know:
 * other questions, the attempt, who answers. */
(function () {
  'use strict';
  var doc = document;
  var anjian = window.anjian = window.anjian || {};
  var core = anjian.quizcore;
  var box = doc.getElementById('quiz-result');
  if (!box || !core || !anjian.words) return;
  var status = doc.getElementById('quiz-status');
  /* What the player does then: changed, typed, check, next and enter, each with the question. */
  var on = {};

  function parse(text) {
    try {
      return JSON.parse(text);
    } catch (e) {
      return null;
    }
  }
  function word(name) {
    return anjian.words.quiz[name] || '';
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
  function tidy(n) {
    return String(Math.round(n * 100) / 100);
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
          on.changed(q);
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
      on.changed(q);
      all(q, '.q-node')[0].querySelector('.q-node-name').focus();
    });
    list.appendChild(q.again);
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
    el.innerHTML = html; /* the page's own, written when it was made */
    return el;
  }
  function said(html) {
    var el = block('q-feedback', html);
    el.setAttribute('data-own', '');
    return el;
  }
  function explanationOf(q) {
    if (q.explanation) return block('q-explanation', q.explanation);
    var own = q.el.querySelector('details > div:not([class])');
    if (!own) return null;
    own = own.cloneNode(true);
    own.className = 'q-explanation';
    return own;
  }
  function referenceOf(q) {
    if (q.reference) return block('q-reference', q.reference);
    var own = q.el.querySelector('details > .q-reference');
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
    return filter(q.shown, function (s) {
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
    if (q.type === 'truefalse') return right[0][0] === 'true' ? word('word_true') : word('word_false');
    if (q.type === 'order') {
      return right.map(function (s) {
        return textOf(q, s[0]);
      }).join(' \u2192 ');
    }
    if (q.type === 'match') {
      return right.map(function (s, i) {
        return all(q, '.q-left')[i].textContent + ' \u2014 ' + textOf(q, s[0]);
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
        if (input.checked) mark(li, is ? 'is-right' : 'is-wrong', word('your_choice'));
        else if (is) mark(li, 'is-missed', word('should_choose'));
        if (q.feedback && q.feedback[input.value]) li.appendChild(said(q.feedback[input.value]));
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
      if (right) verdict.appendChild(make('p', '', word('right_answer') + '\uff1a' + right));
      var explanation = explanationOf(q);
      if (explanation) {
        verdict.appendChild(make('p', 'q-label', word('explanation')));
        verdict.appendChild(explanation);
      }
    }
    if (q.type === 'scenario') lookScenario(q);
    q.el.insertBefore(verdict, q.actions);
    q.verdict = verdict;
    return title + (telling && kind !== 'good' && rightText(q) ? '\u3002' + word('right_answer') + '\uff1a' + rightText(q) : '');
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
    }) : [choice('radio', word('self_full'), 1), choice('radio', word('self_half'), 0.5), choice('radio', word('self_none'), 0)];
    var confirm = choice('checkbox', word('confirmed'), 'confirmed');
    setClass(confirm.parentNode, 'q-confirm', true);
    part.appendChild(button(word('self_done'), 'button-primary', function () {
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
  function focusOn(q) {
    var first = q.el.querySelector('.q-options input:not([disabled]), .q-options select:not([disabled]), .q-options textarea, .q-node:not([hidden]) button');
    if (first) first.focus();
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
      if (f.hasAttribute('data-own')) remove(f);
      else f.hidden = true;
    });
    setClass(q.el, 'is-checked', false);
    remove(q.verdict);
    remove(q.grading);
    q.verdict = null;
    q.grading = null;
    q.hint.textContent = '';
    q.check.hidden = q.plain;
    q.next.hidden = true;
    put(q, []);
  }
  /* What can be chosen, as the page has it before anything is mixed: [{key, text}]. */
  function readShown(el) {
    var out = [];
    each(el.querySelectorAll('.q-option'), function (li) {
      out.push({ key: li.querySelector('input').value, text: li.querySelector('.q-text').textContent.trim() });
    });
    each((el.querySelector('select') || {}).options || [], function (o) {
      if (o.value) out.push({ key: o.value, text: o.textContent });
    });
    return out;
  }
  /* The parts of a question get the names that scripts and quiz-play.css know them by. */
  function dress(el, type) {
    var list = filter(el.children, function (part) {
      return part.nodeName === 'UL';
    })[0];
    el.querySelector('legend b').className = 'q-number';
    el.querySelector('legend + div').className = 'q-stem';
    if (list) setClass(list, 'q-options', true);
    each(list && /single|multiple|truefalse|order/.test(type) ? list.children : [], function (li, i) {
      var label = li.querySelector('label');
      var key = label.querySelector('b');
      var text = make('span', 'q-text');
      setClass(li, 'q-option', true);
      key.className = 'q-key';
      label.querySelector('input').value = type === 'truefalse' ? String(!i) : keyOf(i);
      while (key.nextSibling) text.appendChild(key.nextSibling);
      if (type === 'order') {
        text.appendChild(doc.createTextNode(' '));
        text.appendChild(make('span', 'q-place visually-hidden'));
      }
      label.appendChild(text);
    });
  }
  function keyOf(i) {
    return (i < 26 ? '' : String.fromCharCode(64 + Math.floor(i / 26))) + String.fromCharCode(65 + i % 26);
  }
  function setUp(el) {
    var data = el.hasAttribute('data-exam') ? parse(el.getAttribute('data-exam')) : (anjian.questions || [])[/\d+$/.exec(el.id) - 1];
    if (!data) return null;
    data.type = /\bq-(single|multiple|truefalse|fill|order|match|scenario|short)\b/.exec(el.className)[1];
    dress(el, data.type);
    var q = { el: el, data: data, type: data.type, checked: false, worth: 0, verdict: null, picked: [], path: [], slots: [], shown: readShown(el), feedback: data.feedback };
    q.hint = make('p', 'q-hint');
    q.actions = make('div', 'q-actions');
    q.check = button(word('check'), 'button-primary', function () {
      on.check(q);
    });
    q.next = button(word('next'), 'button-primary', function () {
      on.next(q);
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
      on.changed(q);
    }, false);
    /* Words typed are kept as they come: a reload may be next. */
    el.addEventListener('input', function (event) {
      var input = event.target;
      if (input.type === 'text' || input.nodeName === 'TEXTAREA') on.typed(q);
    }, false);
    el.addEventListener('keydown', function (event) {
      var name = event.target.nodeName;
      if (event.keyCode !== 13 || event.isComposing || (name !== 'INPUT' && name !== 'SELECT')) return;
      event.preventDefault();
      on.enter(q);
    }, false);
    return q;
  }

  function choices(q) {
    return q.type === 'truefalse' ? 0 : q.shown.length;
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
          select.appendChild(options[q.shown[k].key]);
        });
      });
      return;
    }
    var items = {};
    each(list.querySelectorAll('.q-option'), function (li) {
      items[li.querySelector('input').value] = li;
    });
    each(order, function (k, i) {
      var li = items[q.shown[k].key];
      if (q.type !== 'order') li.querySelector('.q-key').textContent = String.fromCharCode(65 + i);
      list.appendChild(li);
    });
  }
  anjian.quizview = { on: on, parse: parse, word: word, each: each, filter: filter, make: make, button: button,
    setClass: setClass, remove: remove, say: say, jump: jump, tidy: tidy, given: given, answered: answered,
    touched: touched, put: put, look: look, points: points, weigh: weigh, open: open, lock: lock, show: show,
    explanationOf: explanationOf, selfGrade: selfGrade, focusOn: focusOn, reset: reset, setUp: setUp, choices: choices, arrange: arrange };
})();
