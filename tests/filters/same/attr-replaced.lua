return {{
  Header = function(h) h.attr = pandoc.Attr('new', {'a', 'b'}, {{'z', '1'}, {'a', '2'}}) return h end,
  Span = function(s) s.attr = {'id', {'c'}, {{'k', 'v'}}} return s end,
  Div = function(d) d.attr = {id = 'di', class = 'one two', x = 'y'} return d end,
  CodeBlock = function(c) c.attr = {} return c end,
  Code = function(c) c.classes = {'lua', 'long'} c.attributes = {{'b', '1'}, {'a', '2'}} return c end,
}}
