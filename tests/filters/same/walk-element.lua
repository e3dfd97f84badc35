function Para(p)
  return p:walk {Str = function(s) return pandoc.Str(s.text:lower()) end, Emph = function(e) return e.content end}
end
