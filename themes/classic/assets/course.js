/* course - how far a course is: on its own page, and on its card on the home page.
 *
 * ES5, classic. site.js knows which pages were read here. Nothing is needed for reading. */
(function () {
  'use strict';
  var doc = document;
  var seen = window.anjian && window.anjian.seen;
  if (!seen) return;

  function each(list, fn) {
    for (var i = 0; i < list.length; i++) fn(list[i], i);
  }
  function showCourse() {
    var course = doc.querySelector('.course[data-course]');
    if (!course) return;
    var name = course.getAttribute('data-course');
    var steps = course.querySelectorAll('.step[data-page]');
    var box = course.querySelector('.course-progress');
    var text = course.querySelector('.course-progress-text');
    var start = course.querySelector('.course-start');
    var first = start.textContent;
    function draw() {
      var read = seen.read(name);
      var done = 0;
      var next = null;
      each(steps, function (step) {
        var is = read.indexOf(step.getAttribute('data-page')) >= 0;
        if (is) done++;
        else if (!next) next = step;
        step.className = step.className.replace(/ ?is-done/, '') + (is ? ' is-done' : '');
        step.querySelector('.step-done').hidden = !is;
      });
      box.hidden = !done;
      box.querySelector('progress').value = steps.length ? 100 * done / steps.length : 0;
      text.textContent = done === steps.length ? text.getAttribute('data-done')
        : text.getAttribute('data-label') + ' ' + done + ' / ' + steps.length;
      var target = next || course.querySelector('.step-exam') || steps[0];
      if (!target) return;
      var link = target.querySelector('a');
      start.href = link.href;
      start.textContent = !done ? first
        : (next ? start.getAttribute('data-resume') + ' \u00b7 ' : '') + link.textContent;
      start.hidden = false;
    }
    course.querySelector('.course-reset').addEventListener('click', function () {
      seen.write(name, []);
      draw();
      start.focus();
    }, false);
    draw();
    window.addEventListener('pageshow', draw, false);
  }

  /* How far each course of the home page is. */
  function showCards() {
    each(doc.querySelectorAll('.course-card[data-course]'), function (card) {
      var count = Number(card.getAttribute('data-count'));
      var done = seen.read(card.getAttribute('data-course')).length;
      var state = card.querySelector('.card-state');
      var go = card.querySelector('.card-go');
      if (!done || !count) return;
      var bar = doc.createElement('progress');
      bar.max = count;
      bar.value = done;
      bar.setAttribute('aria-label', state.getAttribute('data-label'));
      state.textContent = done >= count ? state.getAttribute('data-done')
        : state.getAttribute('data-label') + ' ' + done + ' / ' + count;
      state.appendChild(bar);
      state.hidden = false;
      if (done < count) go.textContent = go.getAttribute('data-resume');
    });
  }

  showCourse();
  showCards();
})();
