function Div(d)
  return d:walk {traverse = 'topdown', Header = function(h) return pandoc.Strong and pandoc.Para(h.content), false end,
    Str = function() return pandoc.Str 'i' end}
end
