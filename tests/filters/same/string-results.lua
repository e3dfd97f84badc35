return {{
  Emph = function() return 'two words' end,
  Code = function() return {'a b', pandoc.Str 'c'} end,
  Header = function(h) return 'was a heading' end,
  HorizontalRule = function() return {'one line', pandoc.Para 'x'} end,
  Inlines = nil,
}}
