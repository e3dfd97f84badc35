/* around - says on update.html whether the site beside it is of the bundle's version. ES5, classic. */
(function () {
  'use strict';
  var state = document.getElementById('state');
  var here = window.anjian && window.anjian.edition;
  var want = document.body.getAttribute('data-commit');
  if (!here) state.textContent = state.getAttribute('data-gone');
  else if (here.commit === want) state.textContent = state.getAttribute('data-whole');
  else state.textContent = state.getAttribute('data-other').replace('#', (here.commit || '-').slice(0, 7));
  state.className = 'note ' + (here && here.commit === want ? 'is-good' : 'is-bad');
})();
