return {{
  Strikeout = function() return {} end,
  Strong = function(el) return el.content end,
  SoftBreak = function() return pandoc.LineBreak() end,
  Note = function(n) return {pandoc.Str '(', pandoc.Span(pandoc.utils.blocks_to_inlines(n.content, {pandoc.Space()})), pandoc.Str ')'} end,
}}
