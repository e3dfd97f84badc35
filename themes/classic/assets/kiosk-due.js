/* kiosk-due - what one person has still to learn: a card for each course, and how far it is.
 *
 * ES5. Kept by pseudonym with the content that was learned and when, so that changed content is due
 * again, and old learning too where a course says for how many months it holds.
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

    /* todo, done, again (the content has changed) or late (learned too many months ago). */
    function stateOf(step, done, months) {
      var known = done[step.getAttribute('data-source')];
      if (!known) return 'todo';
      if (known.content !== step.getAttribute('data-content')) return 'again';
      var until = new Date(known.at);
      until.setMonth(until.getMonth() + months);
      return months && until.getTime() < new Date().getTime() ? 'late' : 'done';
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
    function drawCard(card, done, open) {
      var steps = card.querySelectorAll('.k-step');
      var count = 0;
      var first = null;
      var changed = '';
      var months = Number(card.getAttribute('data-valid')) || 0;
      each(steps, function (step) {
        var state = stateOf(step, done, months);
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
    /* The cards as they are for this name ('' is a guest), what is done behind what is not. */
    function draw(name, open) {
      var done = (name && (store.get('done') || {})[name]) || {};
      var cards = [[], []];
      each(box.querySelectorAll('.k-card'), function (card) {
        drawCard(card, done, open);
        cards[card.getAttribute('data-state') === 'done' ? 1 : 0].push(card);
      });
      each(cards[0].concat(cards[1]), function (card) {
        box.appendChild(card);
      });
    }
    function mark(name, page) {
      if (!name || !page.id) return;
      var everybody = store.get('done') || {};
      var own = everybody[name] = everybody[name] || {};
      own[page.id] = { content: page.content, at: new Date().getTime() };
      store.set('done', everybody);
    }
    function wipe() {
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
