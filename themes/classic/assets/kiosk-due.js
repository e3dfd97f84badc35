/* kiosk-due - what one person has still to learn: a card for each course, and how far it is.
 *
 * ES5. Kept by pseudonym with the content and the version that was learned and when, so that changed
 * content is due again and the change can be shown, and old learning is due too where a course says
 * for how many months it holds.
 * Must not know: who stands there beyond his pseudonym, frames, statements. */
(function () {
  'use strict';
  var anjian = window.anjian = window.anjian || {};

  function each(list, fn) {
    for (var i = 0; i < list.length; i++) fn(list[i], i);
  }

  anjian.due = function (kit) {
    var store = kit.store;
    var word = kit.word;
    var box = kit.box;

    /* What was learned of a step, under whichever of its names. */
    function knownOf(step, done) {
      var names = [step.getAttribute('data-source')].concat((step.getAttribute('data-was') || '').split('|'));
      for (var i = 0; i < names.length; i++) if (names[i] && done[names[i]]) return done[names[i]];
      return null;
    }
    /* The changes of substance since what was learned, oldest first: the page that shows each, or
     * ''. Null: nobody knows. */
    function changesSince(step, known) {
      var version = Number(step.getAttribute('data-version'));
      var out = [];
      if (!(known.version < version)) return null;
      each((step.getAttribute('data-changes') || '').split(' '), function (part) {
        var at = part.indexOf('=');
        if (Number(part.slice(0, at)) > known.version) out.unshift(part.slice(at + 1));
      });
      return out;
    }
    /* todo, done, again (the content has changed, and in more than words where versions tell) or
     * late (learned too many months ago). */
    function stateOf(step, known, months) {
      if (!known) return 'todo';
      if (known.content.indexOf(step.getAttribute('data-content'))) {
        var changes = changesSince(step, known);
        if (!changes || changes.length) return 'again';
      }
      var until = new Date(known.at);
      until.setMonth(until.getMonth() + months);
      return months && until.getTime() < new Date().getTime() ? 'late' : 'done';
    }
    function drawSince(place, step, known, tell) {
      var pages = (changesSince(step, known) || []).filter(Boolean);
      if (!pages.length) return;
      var b = document.createElement('button');
      b.type = 'button';
      b.className = 'k-plain k-since';
      b.textContent = word('since');
      b.onclick = function () {
        tell(step, pages);
      };
      place.appendChild(b);
    }
    /* The next step stands on the card with its picture; the whole list folds away. */
    function drawNext(card, step) {
      var next = card.querySelector('.k-next-step');
      if (!next) return;
      next.textContent = '';
      next.hidden = !step;
      if (!step) return;
      var picture = step.querySelector('img, .k-number');
      if (picture) next.appendChild(picture.cloneNode(true));
      next.appendChild(step.querySelector('.k-step-text').cloneNode(true));
    }
    function unfold(card, open) {
      card.querySelector('.k-steps').hidden = !open;
      var b = card.querySelector('.k-all');
      if (b) b.setAttribute('aria-expanded', String(open));
    }
    function drawCard(card, done, open, tell) {
      forget(card);
      var steps = card.querySelectorAll('.k-step');
      var count = 0;
      var first = null;
      var changed = '';
      var months = Number(card.getAttribute('data-valid')) || 0;
      each(steps, function (step) {
        var known = knownOf(step, done);
        var state = stateOf(step, known, months);
        if (state === 'again') drawSince(step.parentNode, step, known, tell);
        if (state === 'again' && !first) drawSince(card.querySelector('.k-since-next'), step, known, tell);
        if (state === 'done') count++;
        else if (!first) first = step;
        if (state === 'again' || (state === 'late' && !changed)) changed = state;
        step.setAttribute('data-state', state);
        step.querySelector('.k-step-state').textContent = state === 'todo' ? '' : word(state);
      });
      var whole = count === steps.length;
      card.setAttribute('data-state', whole ? 'done' : changed || 'todo');
      card.querySelector('.k-card-state').textContent = whole ? word('done')
        : word(changed || 'todo') + ' ' + count + ' / ' + steps.length;
      var bar = card.querySelector('.k-bar span');
      if (bar) bar.style.width = 100 * count / (steps.length || 1) + '%';
      var go = card.querySelector('.k-card-go');
      if (!go.getAttribute('data-label')) go.setAttribute('data-label', go.textContent);
      go.textContent = count && !whole ? word('resume') : go.getAttribute('data-label');
      go.onclick = function () {
        open(first || steps[0]);
      };
      drawNext(card, whole ? null : first);
      if (steps.length > 1) unfold(card, false);
    }
    function forget(inside) {
      each(inside.querySelectorAll('.k-since'), function (b) {
        b.parentNode.removeChild(b);
      });
    }
    /* The cards as they are for this name ('' is a guest), what is done behind what is not.
     * open(step), tell(step, pages): what a press does. */
    function draw(name, open, tell) {
      var done = (name && (store.get('done') || {})[name]) || {};
      var cards = [[], []];
      each(box.querySelectorAll('.k-card'), function (card) {
        drawCard(card, done, open, tell);
        cards[card.getAttribute('data-state') === 'done' ? 1 : 0].push(card);
      });
      each(cards[0].concat(cards[1]), function (card) {
        box.appendChild(card);
      });
    }
    /* A step that has no version says that the page's number is none to rely on. */
    function mark(name, page, step) {
      if (!name || !page.id) return;
      var everybody = store.get('done') || {};
      var own = everybody[name] = everybody[name] || {};
      own[page.id] = { content: page.content, at: new Date().getTime() };
      if (step && step.getAttribute('data-version')) own[page.id].version = Number(page.version);
      store.set('done', everybody);
    }
    function wipe() {
      forget(box);
      each(box.querySelectorAll('.k-step'), function (step) {
        step.removeAttribute('data-state');
        step.querySelector('.k-step-state').textContent = '';
      });
      each(box.querySelectorAll('.k-card'), function (card) {
        card.removeAttribute('data-state');
        card.querySelector('.k-card-state').textContent = '';
        var bar = card.querySelector('.k-bar span');
        if (bar) bar.style.width = '';
        drawNext(card, null);
      });
    }
    each(box.querySelectorAll('.k-all'), function (b) {
      b.addEventListener('click', function () {
        unfold(b.parentNode.parentNode, b.getAttribute('aria-expanded') !== 'true');
      }, false);
    });
    return { draw: draw, mark: mark, wipe: wipe };
  };
})();
