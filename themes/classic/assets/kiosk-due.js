/* kiosk-due - what one person has still to learn: a card for each course, and how far it is.
 *
 * ES5. Kept by pseudonym with the content and the version that was learned and when, so that changed
 * content is due again and the change can be shown, and old learning is due too where a course says
 * for how many months it holds. A few cards at a time: what is due again, what was begun, what is new,
 * what is done.
 * Must not know: who stands there beyond his pseudonym, frames, statements. */
(function () {
  'use strict';
  var anjian = window.anjian = window.anjian || {};
  var SHOWN = 6; /* cards at a time; the build weighs as many courses */
  var RANKS = ['again', 'late', 'begun', 'todo', 'done'];

  function each(list, fn) {
    for (var i = 0; i < list.length; i++) fn(list[i], i);
  }

  /* kit: store, steps, word, make, box, hash(name) */
  anjian.due = function (kit) {
    var store = kit.store;
    var word = kit.word;
    var make = kit.make;
    var box = kit.box;
    var marks = {};

    function button(className, text, press) {
      var b = make('button', className, text);
      b.type = 'button';
      b.addEventListener('click', press, false);
      return b;
    }
    function nameMark(name) {
      return marks[name] = marks[name] || kit.hash(name).slice(0, 10);
    }
    /* What this pseudonym ('' is a guest) has done, by the mark of the page's name. */
    function doneOf(name) {
      var own = (name && (store.get('done') || {})[name]) || {};
      var out = {};
      each(Object.keys(own), function (page) {
        out[nameMark(page)] = own[page];
      });
      return out;
    }
    /* What was learned of a step, under whichever of its names. */
    function knownOf(mark, done) {
      for (var i = 0; i < mark.names.length; i++) if (done[mark.names[i]]) return done[mark.names[i]];
      return null;
    }
    /* todo, done, again (the content has changed, and in more than words where versions tell) or
     * late (learned too many months ago). */
    function stateOf(mark, known, months) {
      if (!known) return 'todo';
      if (known.content.indexOf(mark.content) && (!(known.version < mark.version) || mark.since > known.version)) return 'again';
      var until = new Date(known.at);
      until.setMonth(until.getMonth() + months);
      return months && until.getTime() < new Date().getTime() ? 'late' : 'done';
    }
    /* The changes of substance since what was learned, oldest first: the page that shows each.
     * None when nobody knows. */
    function changesSince(step, known) {
      var out = [];
      if (!(known.version < step.mark.version)) return out;
      each(step.changes.split(' '), function (part) {
        var at = part.indexOf('=');
        if (Number(part.slice(0, at)) > known.version) out.unshift(part.slice(at + 1));
      });
      return out.filter(Boolean);
    }
    function judge(card, done) {
      var now = { card: card, states: [], count: 0, next: -1, state: '' };
      each(card.marks, function (mark, i) {
        var state = stateOf(mark, knownOf(mark, done), card.months);
        now.states.push(state);
        if (state === 'done') now.count++;
        else if (now.next < 0) now.next = i;
        if (state === 'again' || (state === 'late' && !now.state)) now.state = state;
      });
      now.whole = now.count === card.marks.length;
      now.rank = now.whole ? 'done' : now.state || (now.count ? 'begun' : 'todo');
      return now;
    }

    function drawSince(place, step, done, tell) {
      var pages = changesSince(step, knownOf(step.mark, done));
      if (!pages.length) return;
      place.appendChild(button('k-plain k-since', word('since'), function () {
        tell(step, pages);
      }));
    }
    function pictureOf(step) {
      var picture = step.sign ? make('img') : make('span', 'k-number', String(step.at + 1));
      if (step.sign) {
        picture.alt = '';
        picture.src = step.sign;
      } else {
        picture.setAttribute('aria-hidden', 'true');
      }
      return picture;
    }
    function textOf(step) {
      var text = make('span', 'k-step-text');
      var size = step.minutes ? step.minutes + ' ' + word('minutes') : step.questions && step.questions + ' ' + word('questions');
      text.appendChild(make('span', 'k-step-title', step.title));
      if (size) {
        text.appendChild(document.createTextNode(' '));
        text.appendChild(make('span', 'k-step-meta', word('kind-' + step.kind) + ' \u00b7 ' + size));
      }
      return text;
    }
    /* The whole list folds away. */
    function drawSteps(now, done, open, tell) {
      var list = make('ol', 'k-steps');
      list.hidden = true;
      each(now.card.steps || [], function (step) {
        var li = make('li', 'kind-' + step.kind);
        var state = now.states[step.at];
        var b = button('k-step kind-' + step.kind, '', function () {
          open(step);
        });
        b.setAttribute('data-url', step.url);
        b.setAttribute('data-kind', step.kind);
        b.setAttribute('data-state', state);
        b.appendChild(pictureOf(step));
        b.appendChild(textOf(step));
        b.appendChild(make('span', 'k-step-state', state === 'todo' ? '' : word(state)));
        li.appendChild(b);
        if (state === 'again') drawSince(li, step, done, tell);
        list.appendChild(li);
      });
      return list;
    }
    function drawCard(now, done, open, tell) {
      var card = now.card;
      var steps = card.steps || [];
      var el = make('article', 'k-card kind-' + (card.lone ? 'quiz' : 'course'));
      var meta = make('p', 'k-card-meta');
      var state = now.whole ? word('done') : word(now.state || 'todo') + ' ' + now.count + ' / ' + card.marks.length;
      var changed = steps[now.states.indexOf('again')];
      var next = make('p', 'k-next-step');
      var bar = make('p', 'k-bar');
      var go = make('p');
      var list;
      function put(part) {
        el.appendChild(part);
      }
      el.setAttribute('data-state', now.rank === 'begun' ? 'todo' : now.rank);
      el.setAttribute('data-url', card.url);
      put(make('h2', 'k-card-title', card.title));
      each(card.lone ? [[card.questions, word('questions')]]
        : [[card.minutes, word('minutes')], [card.marks.length, word('steps')], [card.hours, word('hours')]], function (part) {
        if (part[0]) meta.appendChild(make('span', '', part[0] + ' ' + part[1]));
      });
      put(meta);
      put(make('p', 'k-card-state', state));
      if (!card.lone) {
        bar.setAttribute('aria-hidden', 'true');
        bar.appendChild(make('span'));
        bar.firstChild.style.width = 100 * now.count / card.marks.length + '%';
        put(bar);
        if (!now.whole && steps[now.next]) {
          next.appendChild(pictureOf(steps[now.next]));
          next.appendChild(textOf(steps[now.next]));
          put(next);
        }
      }
      put(make('p', 'k-since-next'));
      if (changed && changed.at === now.next) drawSince(el.lastChild, changed, done, tell);
      if (!steps.length) return el;
      go.appendChild(button('k-big k-card-go', word(card.lone ? 'do-quiz' : now.count && !now.whole ? 'resume' : 'start'), function () {
        open(steps[now.next] || steps[0]);
      }));
      put(go);
      if (card.lone) return el;
      list = drawSteps(now, done, open, tell);
      go.appendChild(document.createTextNode(' '));
      go.appendChild(button('k-plain k-all', word('all-steps'), function () {
        list.hidden = !list.hidden;
        this.setAttribute('aria-expanded', String(!list.hidden));
      }));
      go.lastChild.setAttribute('aria-expanded', 'false');
      put(list);
      return el;
    }

    /* The cards as they are for this name ('' is a guest); then(), when they stand, unless somebody
     * else has come. open(step), tell(step, pages): what a press does. */
    var drawn = 0;
    function draw(name, open, tell, then) {
      var mine = ++drawn;
      var done = doneOf(name);
      kit.steps.all(function (cards) {
        var list = [];
        var judged = cards.map(function (card) {
          return judge(card, done);
        });
        each(RANKS, function (rank) {
          each(judged, function (now) {
            if (now.rank === rank) list.push(now);
          });
        });
        more(list, then);
      });
      function more(list, ready) {
        var some = list.slice(0, SHOWN);
        var rest = list.slice(SHOWN);
        kit.steps.openAll(some.map(function (now) {
          return now.card;
        }), function () {
          var before = box.querySelectorAll('.k-card').length;
          if (mine !== drawn) return;
          if (!ready) box.removeChild(box.lastChild);
          else box.textContent = '';
          each(some, function (now) {
            box.appendChild(drawCard(now, done, open, tell));
          });
          if (rest.length) drawMore(rest);
          if (ready) ready();
          else box.querySelectorAll('.k-card')[before].querySelector('button').focus();
        });
      }
      function drawMore(rest) {
        var p = make('p', 'k-other');
        p.appendChild(button('k-big k-second k-more-cards', word('more').replace('#', rest.length), function () {
          more(rest);
        }));
        box.appendChild(p);
      }
    }
    /* A step that has no version says that the page's number is none to rely on. */
    function mark(name, page, step) {
      if (!name || !page.id) return;
      var everybody = store.get('done') || {};
      var own = everybody[name] = everybody[name] || {};
      own[page.id] = { content: page.content, at: new Date().getTime() };
      if (step && step.mark.version) own[page.id].version = Number(page.version);
      store.set('done', everybody);
    }
    function wipe() {
      drawn++;
      box.textContent = '';
    }
    return { draw: draw, mark: mark, wipe: wipe, nameMark: nameMark };
  };
})();
