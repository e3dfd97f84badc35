function Table(t)
  return t:walk {Plain = function(p) return pandoc.Para(p.content) end, Str = function(s) return pandoc.Str('<' .. s.text .. '>') end}
end
