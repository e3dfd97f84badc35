return {{
  Para = function(p) return pandoc.Para(p.c) end,
  Header = function(h) return pandoc.Header(h.level, h.c, h.attr) end,
}}
