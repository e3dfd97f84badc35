function Para(p)
  local other = p:walk {Str = function() return pandoc.Str 'w' end}
  return {p, other}
end
