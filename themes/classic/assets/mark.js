/* mark - the words of ?q= in the text, so that a found page shows why it was found. ES5, classic. */
(function () {
  'use strict';
  var doc = document;

  function each(list, fn) {
    for (var i = 0; i < list.length; i++) fn(list[i], i);
  }
  function markQuery() {
    var found = /[?&]q=([^&#]*)/.exec(location.search);
    var prose = doc.querySelector('.prose');
    if (!found || !prose || doc.getElementById('search-results')) return;
    var text;
    try {
      text = decodeURIComponent(found[1].replace(/\+/g, ' '));
    } catch (e) {
      return;
    }
    var words = text.slice(0, 64).split(/\s+/).filter(function (w) {
      return w.length > 0;
    });
    if (!words.length) return;
    var pattern = new RegExp(words.map(function (w) {
      return w.replace(/[.*+?^${}()|\[\]\\\/-]/g, '\\$&');
    }).join('|'), 'gi');
    var walker = doc.createTreeWalker(prose, NodeFilter.SHOW_TEXT, null, false);
    var nodes = [];
    while (walker.nextNode()) nodes.push(walker.currentNode);
    var count = 0;
    each(nodes, function (node) {
      var parent = node.parentNode;
      if (/^(script|style|mark|button|textarea)$/i.test(parent.nodeName)) return;
      var value = node.nodeValue;
      var last = 0;
      var piece = doc.createDocumentFragment();
      var hit;
      pattern.lastIndex = 0;
      while ((hit = pattern.exec(value)) && count < 500) {
        count++;
        piece.appendChild(doc.createTextNode(value.slice(last, hit.index)));
        var mark = doc.createElement('mark');
        mark.textContent = hit[0];
        piece.appendChild(mark);
        last = hit.index + hit[0].length;
      }
      if (!last) return;
      piece.appendChild(doc.createTextNode(value.slice(last)));
      parent.replaceChild(piece, node);
    });
  }

  markQuery();
})();
