return {{
  Para = function(p) p.content = 'now words' return p end,
  Header = function(h) h.content = {pandoc.Str 'H', 'two words'} return h end,
  BlockQuote = function(q) q.content = 'quote text' return q end,
  Div = function(d) d.content = {'a b', pandoc.Str 'c', pandoc.Para 'd'} return d end,
  Link = function(l) l.content = 'link text' return l end,
}}
